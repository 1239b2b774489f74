import { stringify } from 'yaml';
import type { ColumnDrift } from '../ml/drift.js';
import type { ValidationCheck, ValidationReport } from './validation-report.js';

export const reportTypes = {
  json: 'application/json; charset=utf-8',
  yaml: 'application/yaml; charset=utf-8',
  html: 'text/html; charset=utf-8',
} as const;

/** A validation report as text. */
export function writeReport(report: ValidationReport, format: keyof typeof reportTypes): string {
  if (format === 'yaml') return stringify(report);
  return format === 'html' ? toHtml(report) : JSON.stringify(report);
}

function toHtml(report: ValidationReport): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Validation of ${escape(report.detector)}</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
  th, td { border-bottom: 1px solid #ddd; padding: .3rem .6rem; text-align: left; }
  td.number { text-align: right; font-variant-numeric: tabular-nums; }
  .passed { color: #1a7f37; } .warned { color: #9a6700; } .failed { color: #cf222e; font-weight: 600; }
  .bar { background: #d0d7de; height: .6rem; } .bar i { background: #0969da; display: block; height: 100%; }
</style>
<h1>Validation of ${escape(report.detector)}: <span class="${report.status}">${report.status}</span></h1>
<p>${report.rows} rows, ${report.threats} of them threats, ${report.duplicates} duplicates;
fingerprint <code>${report.fingerprint}</code>.</p>
<h2>Checks</h2>
<table>
<tr><th>Status<th>Check<th>Column<th>Found</tr>
${[...report.checks].sort(worstFirst).map(checkRow).join('\n')}
</table>
${report.drift ? driftTable(report.drift.driftByColumns) : '<p>No champion yet, so there is nothing to compare for drift.</p>'}
</html>
`;
}

function checkRow({ status, name, column, message }: ValidationCheck): string {
  return `<tr><td class="${status}">${status}<td>${escape(name)}<td>${escape(column ?? '')}<td>${escape(message)}</tr>`;
}

function driftTable(columns: Readonly<Record<string, ColumnDrift>>): string {
  const rows = Object.entries(columns)
    .sort(([, a], [, b]) => (b.driftScore ?? 0) - (a.driftScore ?? 0))
    .map(([name, drift]) => {
      const score = drift.driftScore ?? 0;
      const width = Math.min(100, (score / 0.25) * 100).toFixed(0);
      const status = drift.driftDetected ? 'failed' : 'passed';
      return (
        `<tr><td>${escape(name)}<td>${drift.statTestName}<td class="number ${status}">${score.toFixed(4)}` +
        `<td><div class="bar"><i style="width:${width}%"></i></div><td>${drift.band}<td>${drift.direction}</tr>`
      );
    });
  return `<h2>Drift against the champion's reference</h2>
<table>
<tr><th>Column<th>Test<th>Score<th>0 to 0.25<th>Band<th>Direction</tr>
${rows.join('\n')}
</table>`;
}

const severity = { failed: 0, warned: 1, passed: 2 } as const;

function worstFirst(a: ValidationCheck, b: ValidationCheck): number {
  return severity[a.status] - severity[b.status];
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
