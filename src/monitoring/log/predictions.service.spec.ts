import type { Caller } from '../../access/caller.js';
import type { Contract } from '../../detector/contract.js';
import type { ContractsService } from '../../detector/contracts.service.js';
import { tinyContract } from '../../detector/fixtures/tiny-contract.js';
import type { PredictionLogService } from './prediction-log.service.js';
import type { Feedback, Prediction } from './prediction.schema.js';
import type { PredictionLog } from './predictions.repository.js';
import { PredictionsService } from './predictions.service.js';

const caller: Caller = { actor: 'key analyst', key: 'a', role: 'scorer', detectors: ['tiny'] };
const prediction: Prediction = {
  _id: 'p',
  detector: 'tiny',
  at: new Date('2026-03-01T12:00:00Z'),
  version: 1,
  servedBy: 'champion',
  probability: 0.9,
  modelVerdict: 'malicious',
  verdict: 'malicious',
  decidedBy: 'model',
  entry: null,
  context: 'alone',
  request: null,
  values: [-1, 12.5, null],
  shadow: null,
  feedback: null,
};

describe('a logged prediction', () => {
  let stored: Map<string, Prediction>;
  let waiting: Prediction[];
  let enabled: boolean;
  let contract: Contract;
  let service: PredictionsService;

  beforeEach(() => {
    [stored, waiting, enabled] = [new Map([['p', prediction]]), [], true];
    const log = {
      get: (id: string) => Promise.resolve(stored.get(id) ?? null),
      setFeedback: (id: string, feedback: Feedback) => {
        const found = stored.get(id);
        return Promise.resolve(found ? { ...found, feedback } : null);
      },
    } as unknown as PredictionLog;
    const writer = {
      get state() {
        return { enabled };
      },
      flush: () => {
        for (const item of waiting.splice(0)) stored.set(item._id, item);
        return Promise.resolve();
      },
    } as unknown as PredictionLogService;
    contract = tinyContract();
    const contracts = { get: () => contract } as unknown as ContractsService;
    service = new PredictionsService(contracts, log, writer);
  });

  it('is shown with its record by name', async () => {
    expect(await service.get('p', caller)).toEqual({
      id: 'p',
      detector: 'tiny',
      at: prediction.at,
      version: 1,
      servedBy: 'champion',
      probability: 0.9,
      modelVerdict: 'malicious',
      verdict: 'malicious',
      decidedBy: 'model',
      entry: null,
      context: 'alone',
      record: { having_IP: -1, duration: 12.5, protocol: null },
      shadow: null,
      feedback: null,
      earlierFeedback: [],
    });
  });

  it('takes feedback under the name of who gives it, also before it is written', async () => {
    waiting = [{ ...prediction, _id: 'q' }];
    const { feedback } = await service.giveFeedback('q', { label: 'benign' }, caller);
    expect(feedback).toEqual({ label: 'benign', at: expect.any(Date), by: 'key analyst', note: null });
  });

  it('is as unknown to keys for other detectors as any other id', async () => {
    const other = { ...caller, detectors: ['url'] };
    await expect(service.get('p', other)).rejects.toMatchObject({ code: 'PREDICTION_UNKNOWN' });
    await expect(service.giveFeedback('p', { label: 'threat' }, other)).rejects.toMatchObject({
      code: 'PREDICTION_UNKNOWN',
    });
  });

  it('is not known when nobody logged it, and the answer says why that may be', async () => {
    await expect(service.get('x', caller)).rejects.toThrow(/no prediction 'x'.*within a second/);
    enabled = false;
    await expect(service.giveFeedback('x', { label: 'threat' }, caller)).rejects.toThrow(
      /PREDICTION_LOG=off/,
    );
  });

  it('is shown whole where the contract has got fewer columns since', async () => {
    stored.set('p', { ...prediction, values: [1, 2, 'tcp', 4] });
    expect((await service.get('p', caller)).record).toEqual({
      having_IP: 1,
      duration: 2,
      protocol: 'tcp',
      'column 4': 4,
    });
  });

  it('is shown to viewers without the userinfo of its address, and whole to who may score', async () => {
    const address = 'http://ann:s3cret@example.com/login';
    stored.set('p', { ...prediction, detector: 'url', values: [address] });
    contract = { ...contract, kind: 'url' };
    const shownTo = async (role: Caller['role']): Promise<unknown[]> =>
      Object.values((await service.get('p', { ...caller, role, detectors: null })).record);
    expect(await shownTo('viewer')).toEqual(['http://***@example.com/login']);
    for (const role of ['scorer', 'trainer', 'admin'] as const)
      expect(await shownTo(role)).toEqual([address]);
    contract = { ...contract, kind: 'tabular' };
    expect(await shownTo('viewer')).toEqual([address]);
  });
});
