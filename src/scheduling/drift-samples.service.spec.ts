import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import type { StoredRecord } from '../ingestion/record.schema.js';
import { Matrix } from '../ml/matrix.js';
import { DriftService } from '../monitoring/drift/drift.service.js';
import { profileMatrix } from '../ml/reference-profile.js';
import type { Prediction } from '../monitoring/log/prediction.schema.js';
import type { PredictionLog } from '../monitoring/log/predictions.repository.js';
import { LoadedVersion } from '../prediction/loaded-version.js';
import type { LoadedVersions } from '../prediction/loaded-versions.service.js';
import type { ScoringModel } from '../registry/bundle/scoring-model.js';
import type { ModelVersion } from '../registry/model-version.schema.js';
import type { RegistryService } from '../registry/registry.service.js';
import type { RecentRecords } from '../ingestion/recent-records.repository.js';
import { DriftSamples } from './drift-samples.service.js';

const contract = tinyContract();
const protocols = ['tcp', 'udp', 'icmp'];
/** Rows whose features take turns among all of their values. */
const numbers = Array.from({ length: 300 }, (_, i) => [(i % 3) - 1, i % 100, Math.floor(i / 3) % 3]);
const reference = profileMatrix(
  contract.features.map(({ name }) => ({ name })),
  Matrix.fromRows(numbers),
);

type Row = Pick<StoredRecord, 'row'>;
const records = (change: Partial<StoredRecord['row']> = {}, count = 300): Row[] =>
  numbers.slice(0, count).map(([having_IP, duration, protocol]) => ({
    row: { having_IP, duration, protocol: protocols[protocol], ...change },
  }));
const scored = (version: number, rows: readonly Row[]): Prediction[] =>
  rows.map(
    ({ row }) => ({ version, values: [row.having_IP, row.duration, row.protocol] }) as unknown as Prediction,
  );

describe('samples of recent rows', () => {
  let champion: number | null;
  let arrived: Row[];
  let predictions: Prediction[];
  let samples: DriftSamples;

  beforeEach(() => {
    champion = 3;
    arrived = [];
    predictions = [];
    const registry = {
      champion: () => Promise.resolve(champion === null ? null : { version: champion }),
    } as unknown as RegistryService;
    const versions = {
      get: (_: string, version: number) =>
        Promise.resolve(
          new LoadedVersion({ version } as ModelVersion, { contract } as unknown as ScoringModel, reference),
        ),
    } as unknown as LoadedVersions;
    const log = {
      latest: () => Promise.resolve(predictions),
      othersOfRequests: () => Promise.resolve([]),
    } as unknown as PredictionLog;
    const records = { newest: () => Promise.resolve(arrived) } as unknown as RecentRecords;
    samples = new DriftSamples(new DriftService(registry, versions, log), records);
  });

  const take = (): ReturnType<DriftSamples['take']> => samples.take('tiny', new Date(0));

  it('say that nothing drifted where rows are as those that the champion was trained on', async () => {
    arrived = records();
    expect(await take()).toEqual([{ of: 'records', rows: 300, drifted: 0, features: 3, share: 0 }]);
  });

  it('say which share of the features has drifted in the records that were pushed', async () => {
    arrived = records({ having_IP: 1, protocol: 'udp' });
    expect(await take()).toEqual([{ of: 'records', rows: 300, drifted: 2, features: 3, share: 2 / 3 }]);
  });

  it('look at what the champion has scored apart from that, and at no other version’s', async () => {
    arrived = records();
    predictions = [...scored(3, records({ duration: 99 })), ...scored(2, records({ protocol: 'tcp' }))];
    expect(await take()).toEqual([
      { of: 'records', rows: 300, drifted: 0, features: 3, share: 0 },
      { of: 'predictions', rows: 300, drifted: 1, features: 3, share: 1 / 3 },
    ]);
  });

  it('take features that older records do not have for missing', async () => {
    arrived = records().map(({ row: { having_IP, duration } }) => ({ row: { having_IP, duration } }));
    expect(await take()).toMatchObject([{ drifted: 1 }]);
  });

  it('tell no share of fewer rows than a hundred', async () => {
    arrived = records({ having_IP: 1 }, 99);
    expect(await take()).toMatchObject([{ rows: 99, share: null }]);
  });

  it('are none without a champion, or without rows', async () => {
    expect(await take()).toEqual([]);
    arrived = records();
    champion = null;
    expect(await take()).toEqual([]);
  });
});
