import { firstValueFrom, map } from 'rxjs';
import { type NetwardenError, RequestInvalidError } from '../common/errors.js';
import { RecordInvalidError } from '../detector/detector.errors.js';
import type { Item } from '../detector/kind.js';
import { UrlItem } from '../detector/url/url-item.js';
import type { ListEntry } from '../lists/list-entry.schema.js';
import type { ListsService } from '../lists/lists.service.js';
import { tinyBundle } from '../registry/bundle/fixtures/tiny-bundle.js';
import { contracts, loadedVersion, scoringWith } from './fixtures/scoring.js';
import type { LoadedVersion } from './loaded-version.js';
import { ModelUnavailableError } from './prediction.errors.js';
import type { VerdictDto, VerdictsDto } from './prediction.dto.js';
import type { Explained } from './scorer.js';
import type { Verdict } from './verdict.js';
import { bodyDto } from './verdict-dtos.js';

const trainedAt = new Date('2026-01-02T03:04:05Z');
const champion = loadedVersion(3, tinyBundle('logistic'), trainedAt);
const scoring = scoringWith(() => ({ champion, trial: null }));
const threat = { having_IP: -1, duration: 5, protocol: 'tcp' };
const benign = { having_IP: 1, duration: 0, protocol: 'tcp' };

const one = async (record: object): Promise<VerdictDto> =>
  bodyDto(await scoring.score('tiny', { record })) as VerdictDto;
const many = async (records: readonly object[]): Promise<readonly VerdictDto[]> =>
  (bodyDto(await scoring.score('tiny', { records })) as VerdictsDto).verdicts as VerdictDto[];
const refusalOf = async (body: object): Promise<NetwardenError> =>
  scoring.score('tiny', body).then(
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

  it('says why in words: what moved the score towards its verdict first, each part the strongest first', async () => {
    const { reasons } = await one(threat);
    expect(reasons[0]).toEqual({
      feature: 'having_IP',
      value: -1,
      contribution: expect.any(Number),
      text: 'the host is a bare IP address: speaks for a threat',
    });
    // Of a threat those above 0 come first, from the highest down, and then those below, from the lowest up.
    const order = reasons.map(({ contribution }) => contribution!);
    expect(order).toEqual([...order].sort((a, b) => (a > 0 || b > 0 ? b - a : a - b)));
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
    const { verdicts } = await scoring.score('tiny', { record: threat }, { explain: 'none' });
    expect(verdicts).toMatchObject([{ verdict: 'malicious', reasons: [] }]);
  });

  it('explains threats alone where only those are wanted', async () => {
    const { verdicts } = await scoring.score('tiny', { records: [threat, benign] }, { explain: 'flagged' });
    expect(verdicts.map(({ reasons }) => reasons.length > 0)).toEqual([true, false]);
  });

  it('publishes what it scored, behind the response', async () => {
    let responded = false;
    const service = scoringWith(() => ({ champion, trial: null }));
    const publishing = firstValueFrom(service.scored.pipe(map((scored) => ({ scored, responded }))));
    const { verdicts } = await service.score('tiny', { records: [threat, benign] });
    responded = true;
    const published = await publishing;
    expect(published.responded).toBe(true);
    expect(published.scored).toEqual([
      {
        id: verdicts[0].id,
        detector: 'tiny',
        at: expect.any(Date),
        version: 3,
        servedBy: 'champion',
        probability: verdicts[0].probability,
        modelVerdict: 'malicious',
        verdict: 'malicious',
        decidedBy: 'model',
        entry: null,
        context: 'alone',
        request: null,
        values: [-1, 5, 'tcp'],
        shadow: null,
      },
      expect.objectContaining({ id: verdicts[1].id, verdict: 'benign', values: [1, 0, 'tcp'] }),
    ]);
  });

  it('refuses without a model', async () => {
    const error = new ModelUnavailableError('tiny', 'train one');
    const without = scoringWith(() => {
      throw error;
    });
    await expect(without.score('tiny', { record: benign })).rejects.toBe(error);
  });
});

describe('scoring an address that a list names', () => {
  const model = {
    contract: contracts.get('url'),
    score: () => Float64Array.of(0.2),
    novelty: () => null,
    verdictOf: () => 'benign',
  };
  const version = { version: 2, row: { createdAt: trainedAt }, contract: model.contract, model } as unknown;
  const entry = {
    _id: 'e1',
    list: 'deny',
    match: 'domain',
    value: 'evil.example',
    note: 'ours',
    expiresAt: null,
  };

  it('lets the entry decide, and keeps what the model says beside it', async () => {
    const featurize = (): Promise<{ x: object }> => Promise.resolve({ x: {} });
    const served = {
      champion: { ...(version as object), featurize } as unknown as LoadedVersion,
      trial: null,
    };
    const lists = {
      isEmpty: false,
      find: ({ registeredDomain }: { registeredDomain: string }) =>
        registeredDomain === 'evil.example' ? (entry as unknown as ListEntry) : null,
      imitationIn: () => null,
    } as unknown as ListsService;
    const listed = scoringWith(() => served, { lists });
    const publishing = firstValueFrom(listed.scored);
    const { verdicts } = await listed.score('url', { url: 'http://www.evil.example/a' }, { explain: 'none' });
    expect(verdicts).toMatchObject([
      {
        verdict: 'malicious',
        modelVerdict: 'benign',
        decidedBy: 'list',
        probability: 0.2,
        reasons: [
          {
            feature: 'list',
            contribution: null,
            text: 'the domain evil.example is on the deny list (ours): decides by itself',
          },
        ],
      },
    ]);
    expect(verdicts[0].item).toBeInstanceOf(UrlItem);
    expect(await publishing).toMatchObject([{ verdict: 'malicious', modelVerdict: 'benign', entry: 'e1' }]);
    const other = await listed.score('url', { url: 'http://evil.example.example/' }, { explain: 'none' });
    expect(other.verdicts).toMatchObject([{ verdict: 'benign', decidedBy: 'model', list: null }]);
  });
});

const scoreAll = (items: readonly Item[], explain: Explained): Promise<Verdict[]> =>
  scoring.open(() => ({ champion, trial: null }), { context: 'log', explain }).score(items);

describe('scoring items that fit', () => {
  it('leaves the reasons out where nobody asks for them', async () => {
    const [verdict] = await scoreAll([{ values: [-1, 5, 'tcp'] }], 'none');
    expect([verdict.verdict, verdict.reasons]).toEqual(['malicious', []]);
  });

  it('takes no items', async () => {
    expect(await scoreAll([], 'all')).toEqual([]);
  });

  it('lets others have their turn between explanations', async () => {
    let turns = 0;
    const other = setInterval(() => turns++, 0);
    await scoreAll(new Array<Item>(300).fill({ values: [-1, 5, 'tcp'] }), 'all');
    clearInterval(other);
    expect(turns).toBeGreaterThan(0);
  });
});
