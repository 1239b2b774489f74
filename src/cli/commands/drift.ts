import type { Command } from 'commander';
import { describeInput } from '../../ingestion/input-account.js';
import { UploadsService } from '../../ingestion/uploads.service.js';
import { DriftService, type FileDrift } from '../../monitoring/drift/drift.service.js';
import { runScoringCommand } from '../command-app.js';
import { figure, print, table } from '../output.js';

export function addDriftCommand(program: Command): void {
  program
    .command('drift')
    .description('compare a file with what the champion was trained on, column by column')
    .argument('<detector>')
    .argument('<file>', 'a file, or - for standard input')
    .option('--json', 'print the result as JSON')
    .action((detector: string, file: string, { json }: { json?: boolean }) =>
      runScoringCommand(async (app) => {
        const reader = await app.get(UploadsService).openFile(file, detector);
        print(await app.get(DriftService).ofFile(detector, reader), json, show);
      }),
    );
}

function show(drift: FileDrift): string {
  const { numberOfDriftedColumns, numberOfColumns, referenceRows, currentRows, enough } = drift;
  const conclusion = enough
    ? `${numberOfDriftedColumns} of ${numberOfColumns} columns drifted`
    : 'too few rows to call anything drift';
  const columns = Object.entries(drift.driftByColumns).sort(
    ([, a], [, b]) => (b.driftScore ?? 0) - (a.driftScore ?? 0),
  );
  return [
    ...describeInput(drift.input),
    `${currentRows} rows against the ${referenceRows} that version ${drift.version} was trained on: ${conclusion}`,
    table(
      ['column', 'test', 'score', 'p', 'band', 'direction', ''],
      columns.map(([name, { statTestName, driftScore, pValue, band, direction, driftDetected }]) => [
        name,
        statTestName,
        figure(driftScore),
        figure(pValue),
        band,
        direction,
        driftDetected ? 'DRIFT' : '',
      ]),
    ),
  ].join('\n\n');
}
