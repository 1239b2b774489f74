import { firstValueFrom, map } from 'rxjs';
import { type NetwardenError, RequestInvalidError } from '../common/errors.js';
import { RecordInvalidError } from '../detector/detector.errors.js';
import { tinyBundle } from '../registry/bundle/fixtures/tiny-bundle.js';
import { ScoringModel } from '../registry/bundle/scoring-model.js';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { LoadedVersion } from './loaded-version.js';
import { ModelUnavailableError } from './prediction.errors.js';
import type { VerdictDto, VerdictsDto } from './prediction.dto.js';
import { ScoringService } from './scoring.service.js';
import type { ListsService } from '../lists/lists.service.js';
import type { ServingService } from './serving.service.js';
import { ShadowService } from './shadow.service.js';

const trainedAt = new Date('2026-01-02T03:04:05Z');
const champion = new LoadedVersion(
  { version: 3, createdAt: trainedAt } as ModelVersion,
  ScoringModel.verified(tinyBundle('logistic')),
);
const noLists = { isEmpty: true, find: () => null } as unknown as ListsService;
const scoringWith = (get: ServingService['get']): ScoringService =>
  new ScoringService({ get } as ServingService, new ShadowService(), noLists);
const scoring = scoringWith(() => ({ champion, trial: null }));
const threat = { having_IP: -1, duration: 5, protocol: 'tcp' };
const benign = { having_IP: 1, duration: 0, protocol: 'tcp' };

const one = (record: object): Promise<VerdictDto> =>
  scoring.answer('tiny', { record }) as Promise<VerdictDto>;
const many = async (records: readonly object[]): Promise<readonly VerdictDto[]> =>
  ((await scoring.answer('tiny', { records })) as VerdictsDto).verdicts;
const refusalOf = async (body: object): Promise<NetwardenError> =>
  scoring.answer('tiny', body).then(
    () => Promise.reject(new Error('the body was taken')),
    (error: NetwardenError) => error,
  );

describe('scoring records', () => {
  it('answers one record with its verdict', async () => {
    const verdict = await one(threat);
    expect(verdict).toMatchObject({
      verdict: 'malicious',
      model: { detector: 'tiny', version: 3, trainedAt, servedBy: 'champion' },
    });
    expect(verdict.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(verdict.probability).toBeGreaterThan(0.9);
    expect((await one(benign)).verdict).toBe('benign');
  });

  it('answers several in their order, each with an id of its own', async () => {
    const verdicts = await many([threat, benign, threat]);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['malicious', 'benign', 'malicious']);
    expect(new Set(verdicts.map(({ id }) => id)).size).toBe(3);
    expect(await many([benign])).toHaveLength(1);
  });

  it('gives the same answer alone as among others, whatever the spelling', async () => {
    const [first] = await many([threat, benign]);
    const alone = await one({ Protocol: 'TCP', IP_ADDRESS: '-1.0', duration: '5', Result: 1 });
    expect(alone.probability).toBe(first.probability);
    expect(alone.reasons).toEqual(first.reasons);
  });

  it('says why: the features that moved the score, the strongest first, in words', async () => {
    const { reasons } = await one(threat);
    expect(reasons[0]).toEqual({
      feature: 'having_IP',
      value: -1,
      contribution: expect.any(Number),
      text: 'the host is a bare IP address: speaks for a threat',
    });
    const sizes = reasons.map(({ contribution }) => Math.abs(contribution!));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    for (const { contribution, text } of reasons) {
      expect(text.endsWith(contribution! > 0 ? 'speaks for a threat' : 'speaks against a threat')).toBe(true);
    }
  });

  it('says what it does not know', async () => {
    const { reasons } = await one({ having_IP: null, duration: '', protocol: 'NA' });
    for (const { value, text } of reasons)
      expect([value, text]).toEqual([null, expect.stringContaining('not known')]);
  });

  it('takes a thousand records and no more', async () => {
    expect(await many(new Array(1000).fill(benign))).toHaveLength(1000);
    const error = await refusalOf({ records: new Array(1001).fill(benign) });
    expect(error).toBeInstanceOf(RequestInvalidError);
    expect(error.errors).toEqual([
      { path: 'records', message: 'holds 1001 records; send at most 1000, or POST a file to …/file' },
    ]);
  });

  it('names each field that is wrong by its place', async () => {
    const error = await refusalOf({
      records: [benign, { ...benign, duration: -1, protocol: 'x' }, { host: 'a' }],
    });
    expect(error).toBeInstanceOf(RecordInvalidError);
    expect(error.errors.map(({ path }) => path)).toEqual([
      'records[1].duration',
      'records[1].protocol',
      'records[2].host',
      'records[2].having_IP',
      'records[2].duration',
      'records[2].protocol',
    ]);
    expect(error.errors[0].message).toBe('is -1; it must lie between 0 and 100');
  });

  it('names the fields of a record that is sent alone', async () => {
    const error = await refusalOf({ record: { ...benign, duration: true, extra: 1 } });
    expect(error.errors).toEqual([{ path: 'record.extra', message: 'is unknown' }]);
    expect((await refusalOf({ record: { ...benign, duration: true } })).errors).toEqual([
      { path: 'record.duration', message: 'is true; it must be a number' },
    ]);
    expect((await refusalOf({ record: 7 })).errors[0].path).toBe('record');
  });

  it('names no more than a hundred faults', async () => {
    expect((await refusalOf({ records: new Array(200).fill({}) })).errors).toHaveLength(100);
  });

  it('gives no reasons where nobody asks for them', async () => {
    const verdict = await scoring.answer('tiny', { record: threat }, { explain: false });
    expect(verdict).toMatchObject({ verdict: 'malicious', reasons: [] });
  });

  it('tells of what it scored, behind the answer', async () => {
    let answered = false;
    const service = scoringWith(() => ({ champion, trial: null }));
    const telling = firstValueFrom(service.scored.pipe(map((scored) => ({ scored, answered }))));
    const { verdicts } = (await service.answer('tiny', { records: [threat, benign] })) as VerdictsDto;
    answered = true;
    const told = await telling;
    expect(told.answered).toBe(true);
    expect(told.scored).toEqual([
      {
        id: verdicts[0].id,
        detector: 'tiny',
        at: expect.any(Date),
        version: 3,
        servedBy: 'champion',
        probability: verdicts[0].probability,
        verdict: 'malicious',
        values: [-1, 5, 'tcp'],
        shadow: null,
      },
      expect.objectContaining({ id: verdicts[1].id, verdict: 'benign', values: [1, 0, 'tcp'] }),
    ]);
  });

  it('has no answer without a model', async () => {
    const error = new ModelUnavailableError('tiny', 'train one');
    const without = scoringWith(() => {
      throw error;
    });
    await expect(without.answer('tiny', { record: benign })).rejects.toBe(error);
  });
});

describe('scoring rows that fit', () => {
  it('leaves the reasons out where nobody asks for them', async () => {
    const [verdict] = await scoring.scoreRows(champion, [[-1, 5, 'tcp']], { explain: false });
    expect([verdict.verdict, verdict.reasons]).toEqual(['malicious', []]);
  });

  it('takes no rows', async () => {
    expect(await scoring.scoreRows(champion, [])).toEqual([]);
  });

  it('lets others have their turn between explanations', async () => {
    let turns = 0;
    const other = setInterval(() => turns++, 0);
    await scoring.scoreRows(champion, new Array<[number, number, string]>(300).fill([-1, 5, 'tcp']));
    clearInterval(other);
    expect(turns).toBeGreaterThan(0);
  });
});
