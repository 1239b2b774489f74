import { parse } from 'yaml';
import { driftTable } from '../ml/drift.js';
import { Matrix } from '../ml/matrix.js';
import { profileMatrix } from '../ml/reference-profile.js';
import { writeReport } from './report-writers.js';
import type { ValidationReport } from './validation-report.js';

const names = [{ name: 'steady' }, { name: '<moved> & "gone"' }];
const drift = driftTable(
  profileMatrix(names, Matrix.fromRows(Array.from({ length: 200 }, (_, i) => [i % 2, i % 2]))),
  Matrix.fromRows(Array.from({ length: 200 }, (_, i) => [i % 2, 1])),
);
const report: ValidationReport = {
  detector: 'tiny',
  fingerprint: 'f00d',
  status: 'failed',
  rows: 40,
  threats: 12,
  duplicates: 3,
  checks: [
    { name: 'rows', status: 'passed', message: '40 rows, at least 20 are needed', observed: 40, limit: 20 },
    { name: 'constant', column: 'port', status: 'warned', message: 'holds one value only' },
    {
      name: 'domain',
      column: '<script>alert(1)</script>',
      status: 'failed',
      message: `it's "2" & 3`,
      observed: 2,
      limit: 0,
    },
  ],
  drift: null,
};

describe('a validation report', () => {
  it('is itself again, read back from JSON or YAML', () => {
    for (const whole of [report, { ...report, drift }]) {
      expect(JSON.parse(writeReport(whole, 'json'))).toEqual(whole);
      expect(parse(writeReport(whole, 'yaml'))).toEqual(whole);
    }
  });

  it('lists every check in HTML, the worst first', () => {
    const rows = [...writeReport(report, 'html').matchAll(/<tr><td class="(\w+)">\w+<td>([\w-]+)/g)];
    expect(rows.map(([, status, name]) => [status, name])).toEqual([
      ['failed', 'domain'],
      ['warned', 'constant'],
      ['passed', 'rows'],
    ]);
    expect(report.checks[0].name).toBe('rows');
  });

  it('lets nothing of the data become HTML', () => {
    const html = writeReport({ ...report, detector: '<b>tiny</b>', drift }, 'html');
    expect(html).not.toMatch(/<script|<b>|<moved>/);
    expect(html).toContain('&#60;script&#62;alert(1)&#60;/script&#62;');
    expect(html).toContain('it&#39;s &#34;2&#34; &#38; 3');
  });

  it('shows the drift of each column in HTML, the largest first', () => {
    const html = writeReport({ ...report, drift }, 'html');
    const section = html.slice(html.indexOf('<h2>Drift'));
    expect(section.indexOf('moved')).toBeLessThan(section.indexOf('steady'));
    expect(section).toMatch(/moved.*<td class="number failed">\d+\.\d{4}.*width:100%.*<td>large<td>up/);
    expect(section).toMatch(/steady.*<td class="number passed">0\.0000.*width:0%.*<td>stable<td>none/);
  });

  it('says so where there was nothing to compare with', () => {
    expect(writeReport(report, 'html')).toContain('No champion yet');
  });
});
