import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import type { StoredRecord } from '../ingestion/record.schema.js';
import { Matrix } from '../ml/matrix.js';
import { profileMatrix } from '../ml/reference-profile.js';
import type { Prediction } from '../monitoring/prediction.schema.js';
import type { PredictionLog } from '../monitoring/predictions.repository.js';
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
  let loads: number;
  let champion: number | null;
  let arrived: Row[];
  let predictions: Prediction[];
  let samples: DriftSamples;

  beforeEach(() => {
    loads = 0;
    champion = 3;
    arrived = [];
    predictions = [];
    samples = new DriftSamples(
      {
        champion: () => Promise.resolve(champion === null ? null : { version: champion }),
        loadBundle: () => Promise.resolve({ contract, reference, loads: ++loads }),
      } as unknown as RegistryService,
      { newest: () => Promise.resolve(arrived) } as unknown as RecentRecords,
      { latest: () => Promise.resolve(predictions) } as unknown as PredictionLog,
    );
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

  it('load a champion’s bundle once', async () => {
    arrived = records();
    await take();
    await take();
    expect(loads).toBe(1);
    champion = 4;
    await take();
    expect(loads).toBe(2);
  });
});
