import { Logger } from '@nestjs/common';
import { firstValueFrom } from 'rxjs';
import { tinyContract, tinySource } from '../detector/fixtures/tiny-contract.js';
import type { ModelBundle } from '../registry/bundle/bundle.js';
import { tinyBundle } from '../registry/bundle/fixtures/tiny-bundle.js';
import { loadedVersion, scoringWith as scoringOf } from './fixtures/scoring.js';
import type { LoadedVersion } from './loaded-version.js';
import type { VerdictDto, VerdictsDto } from './prediction.dto.js';
import type { ScoredItem } from './scored-item.js';
import type { ScoreOptions, ScoringService } from './scoring.service.js';
import { takesCanary, type Trial } from './served.js';
import { ShadowService } from './shadow.service.js';
import type { ServedBy } from './verdict.js';
import { bodyDto } from './verdict-dtos.js';

const threat = { having_IP: -1, duration: 5, protocol: 'tcp' };
const benign = { having_IP: 1, duration: 0, protocol: 'tcp' };
const bundle = tinyBundle('logistic');
/** Holds benign what the others hold a threat, and the other way round. */
const contrary = { ...bundle, calibrator: { method: 'platt', slope: -1, intercept: 0 } } as const;

function load(version: number, of: Pick<ModelBundle, 'contract' | 'model' | 'calibrator'>): LoadedVersion {
  return loadedVersion(version, { ...bundle, ...of });
}

const champion = load(3, bundle);
const challenger = load(4, contrary);

function scoringWith(trial: Partial<Trial> | null): ScoringService {
  return scoringOf(() => ({
    champion,
    trial: trial && { challenger, mode: 'canary' as const, share: 0, ...trial },
  }));
}

async function verdictsOf(
  scoring: ScoringService,
  records: readonly object[],
  options: ScoreOptions = {},
): Promise<readonly VerdictDto[]> {
  const scored = await scoring.score('tiny', { records }, { explain: 'none', ...options });
  return (bodyDto(scored) as VerdictsDto).verdicts as VerdictDto[];
}

const keys = Array.from({ length: 1000 }, (_, i) => `client ${i}`);

describe('a canary', () => {
  const answering = async (scoring: ScoringService, canaryKey: string): Promise<ServedBy> =>
    (await verdictsOf(scoring, [threat], { canaryKey }))[0].model.servedBy;

  it('answers its share of the keys', async () => {
    const scoring = scoringWith({ share: 0.1 });
    let canaries = 0;
    for (const key of keys) if ((await answering(scoring, key)) === 'challenger') canaries++;
    // Four standard deviations of a binomial with p = 0.1.
    expect(Math.abs(canaries - 100)).toBeLessThan(38);
  });

  it('keeps its keys, also when it gets a larger share; the next challenger has others', () => {
    const taken = (share: number, by = challenger): Set<string> =>
      new Set(keys.filter((key) => takesCanary({ challenger: by, mode: 'canary', share }, key)));
    const [tenth, half] = [taken(0.1), taken(0.5)];
    expect(taken(0.1)).toEqual(tenth);
    expect([...tenth].every((key) => half.has(key))).toBe(true);
    expect(half.size).toBeGreaterThan(400);
    expect(taken(1).size).toBe(1000);
    const next = taken(0.1, load(5, bundle));
    expect([...tenth].filter((key) => next.has(key)).length).toBeLessThan(40);
  });

  it('says that it answers, and answers as it would as the champion', async () => {
    const [canary] = await verdictsOf(scoringWith({ share: 1 }), [threat]);
    expect(canary).toMatchObject({ verdict: 'benign', model: { version: 4, servedBy: 'challenger' } });
    const [usual] = await verdictsOf(scoringWith(null), [threat]);
    expect(usual).toMatchObject({ verdict: 'malicious', model: { version: 3, servedBy: 'champion' } });
    const [probability] = challenger.model.score(
      (await challenger.featurize([{ values: [-1, 5, 'tcp'] }])).x,
    );
    expect(canary.probability).toBe(probability);
  });

  it('answers all records of a request with a key, or none', async () => {
    const scoring = scoringWith({ share: 0.5 });
    const records = Array.from({ length: 20 }, (_, i) => ({ ...benign, duration: i }));
    for (const canaryKey of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const by = (await verdictsOf(scoring, records, { canaryKey })).map(({ model }) => model.servedBy);
      expect(new Set(by).size).toBe(1);
    }
  });

  it('has its share of the records where there is no key: the same ones, however they are spelt', async () => {
    const scoring = scoringWith({ share: 0.5 });
    const records = Array.from({ length: 100 }, (_, i) => ({ ...benign, duration: i / 10 }));
    const by = (await verdictsOf(scoring, records)).map(({ model }) => model.servedBy);
    const canaries = by.filter((one) => one === 'challenger').length;
    expect(Math.abs(canaries - 50)).toBeLessThan(20);
    const respelt = records.map(({ duration }) => ({
      Protocol: 'TCP',
      Duration: `${duration}`,
      ip_address: 1,
    }));
    expect((await verdictsOf(scoring, respelt)).map(({ model }) => model.servedBy)).toEqual(by);
    expect(
      await Promise.all(
        records.map(async (record) => (await verdictsOf(scoring, [record]))[0].model.servedBy),
      ),
    ).toEqual(by);
  });

  it('gives each record the verdict of the version that it names, in order', async () => {
    const records = Array.from({ length: 40 }, (_, i) => ({ ...threat, duration: i / 10 }));
    const mixed = await verdictsOf(scoringWith({ share: 0.5 }), records);
    const [usual, others] = await Promise.all([
      verdictsOf(scoringWith(null), records),
      verdictsOf(scoringWith({ share: 1 }), records),
    ]);
    mixed.forEach(({ probability, model }, i) =>
      expect(probability).toBe((model.version === 3 ? usual : others)[i].probability),
    );
    expect(new Set(mixed.map(({ model }) => model.version))).toEqual(new Set([3, 4]));
  });

  it('leaves records that its contract does not take to the champion', async () => {
    const other = tinyContract({
      features: [...tinySource.features, { name: 'port', type: 'number', meaning: 'port' }],
    });
    const narrow = load(5, { ...contrary, contract: other });
    const [verdict] = await verdictsOf(scoringWith({ challenger: narrow, share: 1 }), [threat]);
    expect(verdict).toMatchObject({ verdict: 'malicious', model: { version: 3, servedBy: 'champion' } });
  });

  it('is published as what it is; the champion scores nothing behind it', async () => {
    const scoring = scoringWith({ share: 1 });
    const publishing = firstValueFrom(scoring.scored);
    await scoring.score('tiny', { record: threat });
    expect(await publishing).toMatchObject([
      { version: 4, servedBy: 'challenger', verdict: 'benign', shadow: null },
    ]);
  });
});

describe('a shadow', () => {
  async function published(scoring: ScoringService, body: object): Promise<readonly ScoredItem[]> {
    const publishing = firstValueFrom(scoring.scored);
    await scoring.score('tiny', body, { explain: 'none' });
    return publishing;
  }

  it('changes no verdict, and is published beside it', async () => {
    const scoring = scoringWith({ mode: 'shadow' });
    const verdicts = await verdictsOf(scoring, [threat, benign]);
    const alone = await verdictsOf(scoringWith(null), [threat, benign]);
    expect(verdicts).toEqual(alone.map((verdict) => ({ ...verdict, id: expect.any(String) })));
    const [first, second] = await published(scoring, { records: [threat, benign] });
    expect(first).toMatchObject({
      version: 3,
      servedBy: 'champion',
      verdict: 'malicious',
      probability: alone[0].probability,
      shadow: { version: 4, verdict: 'benign' },
    });
    expect(second).toMatchObject({ verdict: 'benign', shadow: { version: 4, verdict: 'malicious' } });
    const [canary] = await verdictsOf(scoringWith({ share: 1 }), [threat]);
    expect(first.shadow!.probability).toBe(canary.probability);
  });

  it('has no verdict on records that its contract does not take', async () => {
    const { protocol, ...rest } = Object.fromEntries(
      tinySource.features.map((feature) => [feature.name, feature]),
    );
    const values = { udp: 'over UDP' };
    const contract = tinyContract({
      features: [...Object.values(rest), { ...protocol, values }] as typeof tinySource.features,
    });
    const scoring = scoringWith({ mode: 'shadow', challenger: load(5, { ...contrary, contract }) });
    const shadows = (await published(scoring, { records: [threat, { ...threat, protocol: 'udp' }] })).map(
      ({ shadow }) => shadow?.version,
    );
    expect(shadows).toEqual([undefined, 5]);
  });

  it('leaves records out when it is behind, and counts them; all verdicts are published all the same', async () => {
    const shadow = new ShadowService();
    const items = new Array(1000).fill({ values: [1, 0, 'tcp'] });
    const scored = new Array<ScoredItem>(1000).fill({
      detector: 'tiny',
      shadow: null,
    } as unknown as ScoredItem);
    const all: ScoredItem[] = [];
    const follow = (): void =>
      shadow.follow(
        scored,
        items,
        challenger,
        (_, i) => items[i],
        (some) => void all.push(...some),
      );
    for (let i = 0; i < 12; i++) follow();
    expect(shadow.leftOut('tiny')).toBe(2000);
    await shadow.settled();
    expect(all).toHaveLength(12_000);
    expect(all.filter((one) => one.shadow === null)).toHaveLength(2000);
    follow();
    await shadow.settled();
    expect(all).toHaveLength(13_000);
    expect([all.at(-1)!.shadow?.version, shadow.leftOut('tiny')]).toEqual([4, 2000]);
  });

  it('that fails harms nobody, and is logged once', async () => {
    const said: string[] = [];
    const error = (text: unknown): void => void said.push(String(text));
    Logger.overrideLogger({ log: () => undefined, warn: () => undefined, error });
    const broken = load(6, contrary);
    const score = (): never => {
      throw new RangeError('no such column');
    };
    Object.defineProperty(broken, 'model', { value: { contract: broken.contract, score } });
    const scoring = scoringWith({ mode: 'shadow', challenger: broken });
    for (let i = 0; i < 3; i++) {
      expect(await published(scoring, { record: threat })).toMatchObject([
        { verdict: 'malicious', shadow: null },
      ]);
    }
    Logger.overrideLogger(['log', 'warn', 'error']);
    expect(said).toEqual(['RangeError: no such column']);
  });
});
