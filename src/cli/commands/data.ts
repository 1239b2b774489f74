import type { Command } from 'commander';
import { Presets, SingleBar } from 'cli-progress';
import { stat } from 'node:fs/promises';
import type { WithId } from '../../common/with-id.js';
import { ContractsService } from '../../detector/contracts.service.js';
import { kindOf } from '../../detector/kinds.js';
import type { Batch } from '../../ingestion/batch.schema.js';
import { describeInput, type InputAccount } from '../../ingestion/input-account.js';
import { IngestionService } from '../../ingestion/ingestion.service.js';
import { labelWords } from '../../ingestion/label-words.js';
import { UploadsService } from '../../ingestion/uploads.service.js';
import { runCommand } from '../command-app.js';
import { print, table } from '../output.js';
import { commaList, pageOptions, type PageOptions } from '../options.js';

interface PushOptions {
  readonly json?: boolean;
  readonly ignoreColumns?: string[];
  readonly licence?: string;
  readonly threat?: string[];
  readonly benign?: string[];
}

export function addDataCommands(program: Command): void {
  const data = program.command('data').description('push and list labelled data');

  data
    .command('push')
    .description('push labelled rows (CSV, NDJSON or JSON); what is there already is not stored again')
    .argument('<detector>')
    .argument('<file>', 'a file, or - for standard input')
    .option('--ignore-columns <names>', 'unknown columns that may pass, separated by commas', commaList)
    .option('--licence <text>', 'under which the rows may be used; model cards name it')
    .option('--threat <labels>', 'labels that mean a threat in this file, separated by commas', commaList)
    .option('--benign <labels>', 'labels that mean something benign in it, separated by commas', commaList)
    .option('--json', 'print the result as JSON')
    .action((detector: string, file: string, options: PushOptions) =>
      runCommand(async (app) => {
        const { ignoreColumns, threat, benign, licence } = options;
        const labels = labelWords(threat, benign);
        const bar = await byteBar(file);
        const batch = await app
          .get(UploadsService)
          .pushFile(detector, file, {
            ...(ignoreColumns && { ignoreColumns }),
            ...(licence && { licence }),
            ...(labels && { labels }),
            onProgress: ({ source }) => bar?.update(source.bytes),
          })
          .finally(() => bar?.stop());
        print(resultOf(batch), options.json, showPush(detector));
        const isLog = kindOf(app.get(ContractsService).get(detector)).flowLogs === true;
        return batch.stored + batch.known === 0 && (batch.read > 0 || isLog) ? 2 : 0;
      }),
    );

  pageOptions(
    data.command('list').description("list a detector's batches, newest first").argument('<detector>'),
  ).action((detector: string, { json, ...query }: PageOptions) =>
    runCommand(async (app) => {
      const ingestion = app.get(IngestionService);
      const [batches, records] = await Promise.all([
        ingestion.listBatches(detector, query),
        ingestion.count(detector),
      ]);
      print({ records, ...batches }, json, ({ items }) =>
        [
          `${records} records of ${detector}`,
          table(
            ['batch', 'status', 'source', 'read', 'stored', 'known', 'rejected', 'at'],
            items.map((batch) => [
              batch.id,
              batch.status,
              batch.source.name,
              batch.read,
              batch.stored,
              batch.known,
              batch.rejected,
              batch.createdAt.toISOString(),
            ]),
          ),
        ].join('\n'),
      );
    }),
  );
}

type PushResult = Pick<Batch, 'read' | 'stored' | 'known' | 'rejected' | 'warnings'> &
  InputAccount & { readonly batch: string };

function resultOf({ id, read, stored, known, rejected, warnings, ...account }: WithId<Batch>): PushResult {
  const { encoding, delimiter, columns, leftOut } = account;
  return {
    ...{ batch: id, read, stored, known, rejected },
    ...(encoding && { encoding }),
    ...(delimiter && { delimiter }),
    ...(columns && { columns }),
    ...(leftOut && { leftOut }),
    ...(warnings && { warnings }),
  };
}

function showPush(detector: string): (result: PushResult) => string {
  return ({ batch, read, stored, known, rejected, warnings = [], ...account }) =>
    [
      `${read} rows read: ${stored} stored, ${known} known already, ${rejected} rejected (batch ${batch})`,
      ...(rejected > 0 ? [`Reasons: GET /v1/data/${detector}/batches/${batch}/rejected`] : []),
      ...describeInput(account),
      ...warnings.map((warning) => `warning: ${warning}`),
    ].join('\n');
}

/** A bar over the file's bytes; none for standard input or when nobody looks. */
async function byteBar(file: string): Promise<SingleBar | null> {
  if (!process.stderr.isTTY || file === '-') return null;
  const size = (await stat(file).catch(() => null))?.size;
  if (!size) return null;
  const bar = new SingleBar({ stream: process.stderr, clearOnComplete: true }, Presets.shades_classic);
  bar.start(size, 0);
  return bar;
}
