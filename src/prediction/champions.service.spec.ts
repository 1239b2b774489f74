import { Logger } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { ContractsService } from '../detector/contracts.service.js';
import { DetectorUnknownError } from '../detector/detector.errors.js';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import type { ModelBundle } from '../registry/bundle/bundle.js';
import { tinyBundle } from '../registry/bundle/fixtures/tiny-bundle.js';
import type { Deployment } from '../registry/deployment.schema.js';
import type { ModelAliases } from '../registry/model-aliases.schema.js';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { BundleDamagedError, VersionUnknownError } from '../registry/registry.errors.js';
import type { RegistryService } from '../registry/registry.service.js';
import { ChampionsService } from './champions.service.js';
import { ModelUnavailableError } from './prediction.errors.js';

const good = tinyBundle('logistic');
const notReproducing: ModelBundle = { ...good, selfTest: { ...good.selfTest, probabilities: [] } };

/** A registry with versions 1 (logistic), 2 (forest), 3 (damaged) and 4 (does not reproduce its self-test). */
class FakeRegistry {
  readonly moved = new Subject<Deployment>();
  readonly bundles = new Map<number, ModelBundle | Error>([
    [1, good],
    [2, tinyBundle('forest')],
    [3, new BundleDamagedError('its bytes do not have the digest they were stored under')],
    [4, notReproducing],
  ]);
  champion: number | null = null;
  away: Error | null = null;
  loads = 0;

  private answer<T>(value: T): Promise<T> {
    return this.away ? Promise.reject(this.away) : Promise.resolve(value);
  }

  models(): Promise<ModelAliases[]> {
    return this.answer([{ _id: 'tiny', champion: this.champion } as ModelAliases]);
  }

  getVersion(detector: string, version: number): Promise<ModelVersion> {
    if (!this.bundles.has(version)) return Promise.reject(new VersionUnknownError(detector, version));
    return this.answer({ version, createdAt: new Date(0) } as ModelVersion);
  }

  loadBundle({ version }: ModelVersion): Promise<ModelBundle> {
    this.loads++;
    const bundle = this.bundles.get(version)!;
    return bundle instanceof Error ? Promise.reject(bundle) : this.answer(bundle);
  }
}

const contracts = {
  detectors: ['tiny'],
  get: (detector: string) => {
    if (detector !== 'tiny') throw new DetectorUnknownError(detector, ['tiny'], null);
    return tinyContract();
  },
} as unknown as ContractsService;

describe('the champions', () => {
  let registry: FakeRegistry;
  let champions: ChampionsService;
  let said: { level: string; text: string }[];

  const promote = (version: number): Promise<void> => {
    registry.champion = version;
    return champions.refresh();
  };
  const serving = (): number => champions.get('tiny').version.version;

  beforeEach(() => {
    said = [];
    const hear =
      (level: string) =>
      (text: unknown): void =>
        void said.push({ level, text: String(text) });
    Logger.overrideLogger({
      log: hear('log'),
      warn: hear('warn'),
      error: hear('error'),
      debug: hear('debug'),
    });
    registry = new FakeRegistry();
    champions = new ChampionsService(contracts, registry as unknown as RegistryService);
  });
  afterEach(async () => {
    await champions.beforeApplicationShutdown();
    Logger.overrideLogger(['log', 'warn', 'error']);
  });

  it('are none at first, and the answer says what to do', async () => {
    await champions.refresh();
    expect(() => champions.get('tiny')).toThrow(ModelUnavailableError);
    expect(() => champions.get('tiny')).toThrow('train one: netwarden train tiny');
    expect(() => champions.get('dns')).toThrow(DetectorUnknownError);
    expect(champions.report()).toEqual([{ detector: 'tiny', champion: null, serving: null, problem: null }]);
  });

  it('serve from the start of the service', async () => {
    registry.champion = 1;
    await champions.onApplicationBootstrap();
    expect(serving()).toBe(1);
    expect(champions.get('tiny').model.thresholds).toEqual({ suspicious: 0.5, malicious: 0.9 });
  });

  it('follow a promotion, and a roll-back', async () => {
    await promote(1);
    await promote(2);
    expect(serving()).toBe(2);
    await promote(1);
    expect(serving()).toBe(1);
    expect(champions.report()).toEqual([{ detector: 'tiny', champion: 1, serving: 1, problem: null }]);
    expect(said.filter(({ level }) => level === 'log').map(({ text }) => text)).toEqual([
      'tiny is served by version 1',
      'tiny is served by version 2',
      'tiny is served by version 1',
    ]);
  });

  it('are loaded once, however often one looks', async () => {
    await promote(1);
    await Promise.all([champions.refresh(), champions.refresh(), champions.refresh()]);
    expect(registry.loads).toBe(1);
  });

  it('keep to what they gave out: a swap does not touch a request that goes on', async () => {
    await promote(1);
    const before = champions.get('tiny');
    await promote(2);
    expect(before.version.version).toBe(1);
    expect(champions.get('tiny').model).not.toBe(before.model);
  });

  it('swap the moment this process moves an alias', async () => {
    await champions.onApplicationBootstrap();
    registry.champion = 2;
    registry.moved.next({} as Deployment);
    await champions.refresh();
    expect(serving()).toBe(2);
    expect(registry.loads).toBe(1);
  });

  it.each([
    [3, 'The model bundle is refused: its bytes do not have the digest they were stored under.'],
    [4, 'The model bundle is refused: it does not reproduce its self-test (row 0).'],
    [9, 'tiny has no model version 9. GET /v1/admin/models/tiny/versions lists them.'],
  ])('refuse version %d, say why, and serve the old one on', async (version, problem) => {
    await promote(1);
    await promote(version);
    expect(serving()).toBe(1);
    expect(champions.report()).toEqual([{ detector: 'tiny', champion: version, serving: 1, problem }]);
    expect(said.at(-1)).toEqual({
      level: 'error',
      text: `version ${version} of tiny is refused: ${problem} Version 1 goes on serving.`,
    });
    await champions.refresh();
    expect(said.filter(({ level }) => level === 'error')).toHaveLength(1);
    await promote(2);
    expect(champions.report()).toEqual([{ detector: 'tiny', champion: 2, serving: 2, problem: null }]);
  });

  it('say why there is none, where the only one is refused', async () => {
    await promote(3);
    expect(() => champions.get('tiny')).toThrow('do not have the digest');
    expect(champions.report()).toMatchObject([{ champion: 3, serving: null }]);
    expect(said.at(-1)!.text).toContain('There is no other to serve.');
  });

  it('serve on while the database is away, and catch up when it is back', async () => {
    await promote(1);
    registry.away = new Error('connect ECONNREFUSED');
    await promote(2);
    expect(serving()).toBe(1);
    expect(champions.report()).toEqual([{ detector: 'tiny', champion: 1, serving: 1, problem: null }]);
    expect(said.some(({ level }) => level === 'error')).toBe(false);
    registry.away = null;
    await champions.refresh();
    expect(serving()).toBe(2);
  });

  it('come later where the database is away at the start', async () => {
    registry.champion = 1;
    registry.away = new Error('connect ECONNREFUSED');
    await champions.onApplicationBootstrap();
    expect(() => champions.get('tiny')).toThrow(ModelUnavailableError);
    registry.away = null;
    await champions.refresh();
    expect(serving()).toBe(1);
  });

  it('ask again when the database goes away between the alias and the bundle', async () => {
    registry.champion = 1;
    registry.bundles.set(1, new Error('connection 5 to 127.0.0.1:27017 closed'));
    await champions.refresh();
    expect(champions.report()).toEqual([{ detector: 'tiny', champion: null, serving: null, problem: null }]);
    registry.bundles.set(1, good);
    await champions.refresh();
    expect(serving()).toBe(1);
  });
});
