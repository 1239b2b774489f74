import type { Command } from 'commander';
import type { Flips, PreviewReport, SliceFlips } from '../../monitoring/preview/preview-report.js';
import { PreviewService, type PromotionPreview } from '../../monitoring/preview/preview.service.js';
import { verdicts } from '../../registry/bundle/scoring-model.js';
import { runCommand } from '../command-app.js';
import { wholeNumber } from '../options.js';
import { figure, print, table } from '../output.js';

const mostRecords = 10_000;
const shownLength = 80;

export function addPreviewCommand(models: Command): void {
  models
    .command('preview')
    .description(
      "what would change if a version took the champion's place: verdicts that flip, latency, size",
    )
    .argument('<detector>')
    .argument('<version>', 'its number', wholeNumber(1))
    .option('--records <n>', 'how many records to ask about', wholeNumber(1, mostRecords), 1000)
    .option('--json', 'print the result as JSON')
    .action((detector: string, version: number, { records, json }: { records: number; json?: boolean }) =>
      runCommand(async (app) => {
        print(await app.get(PreviewService).preview(detector, version, records), json, show);
      }),
    );
}

function show(preview: PromotionPreview): string {
  const { champion, previewed, ratios, probability } = preview;
  return [
    `${preview.detector}: version ${previewed.version} against version ${champion.version}, the champion, on ${source(preview)}`,
    matrix(preview.verdicts),
    table(
      ['verdicts', 'records', 'share', '95 % interval'],
      (['changed', 'toThreat', 'toBenign'] as const).map((name) => [
        flipNames[name],
        ...shareOf(preview.flips[name]),
      ]),
    ),
    ...(preview.slices.length === 0 ? [] : [slicesTable(preview.slices)]),
    `Probabilities change by ${figure(probability.mean)} in the mean, ${figure(probability.meanAbsolute)} without sign, ` +
      `${figure(probability.maxAbsolute)} at most.`,
    table(
      ['most changed', `version ${champion.version}`, `version ${previewed.version}`, 'record'],
      preview.changed.map((record) => [
        record.id,
        `${figure(record.champion.probability)} ${record.champion.verdict}`,
        `${figure(record.previewed.probability)} ${record.previewed.verdict}`,
        shortened(JSON.stringify(record.values)),
      ]),
    ),
    table(
      ['', `version ${champion.version}`, `version ${previewed.version}`, 'ratio'],
      [
        ['one row, ms', figure(champion.latencyMs), figure(previewed.latencyMs), figure(ratios.latency)],
        ['bytes', champion.size, previewed.size, figure(ratios.size)],
      ],
    ),
  ].join('\n\n');
}

const flipNames: Readonly<Record<keyof Flips, string>> = {
  changed: 'that change',
  toThreat: 'from benign to threat',
  toBenign: 'from threat to benign',
};

function source({ source: from, records, between, unseen }: PromotionPreview): string {
  if (between) {
    const [first, last] = between.map((at) => at.toISOString());
    return `${records} records scored from ${first} to ${last}`;
  }
  if (from === 'logged') return `${records} records`;
  return `${records} test records${unseen ? '' : ', which one of them MAY HAVE LEARNED from'}`;
}

/** A record has as many columns as its contract; --json has them all. */
function shortened(text: string): string {
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}

function matrix(counts: PreviewReport['verdicts']): string {
  return table(
    ['champion \\ version', ...verdicts],
    verdicts.map((from) => [from, ...verdicts.map((to) => counts[from][to])]),
  );
}

function shareOf({ count, share, interval }: Flips['changed']): [number, string, string] {
  return [count, figure(share), interval ? `[${interval.map(figure).join(', ')}]` : '-'];
}

function slicesTable(slices: readonly SliceFlips[]): string {
  return table(
    [slices[0].by, 'records', 'to threat', 'to benign', 'mean change'],
    slices.map(({ by, value, records, flips, meanChange }) => [
      by === slices[0].by ? value : `${by} ${value}`,
      records,
      flips.toThreat.count,
      flips.toBenign.count,
      figure(meanChange),
    ]),
  );
}
