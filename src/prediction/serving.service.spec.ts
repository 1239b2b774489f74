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
import { LoadedVersions } from './loaded-versions.service.js';
import { ModelUnavailableError } from './prediction.errors.js';
import { ServingService } from './serving.service.js';
import type { ServingState } from './serving-state.js';

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
  aliases: Partial<ModelAliases> = { champion: null };
  away: Error | null = null;
  loads = 0;

  private answer<T>(value: T): Promise<T> {
    return this.away ? Promise.reject(this.away) : Promise.resolve(value);
  }

  models(): Promise<ModelAliases[]> {
    const unset = { champion: null, challenger: null, challengerMode: 'none', canaryShare: 0 };
    return this.answer([{ _id: 'tiny', ...unset, ...this.aliases } as ModelAliases]);
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

const untried: ServingState = {
  detector: 'tiny',
  champion: 1,
  serving: 1,
  problem: null,
  challenger: null,
};

describe('what serves', () => {
  let registry: FakeRegistry;
  let serving: ServingService;
  let said: { level: string; text: string }[];

  const move = (aliases: Partial<ModelAliases>): Promise<void> => {
    registry.aliases = { ...registry.aliases, ...aliases };
    return serving.refresh();
  };
  const promote = (champion: number): Promise<void> => move({ champion });
  const champion = (): number => serving.get('tiny').champion.version;
  const errors = (): string[] => said.filter(({ level }) => level === 'error').map(({ text }) => text);

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
    serving = new ServingService(
      contracts,
      registry as unknown as RegistryService,
      new LoadedVersions(contracts, registry as unknown as RegistryService),
    );
  });
  afterEach(async () => {
    await serving.beforeApplicationShutdown();
    Logger.overrideLogger(['log', 'warn', 'error']);
  });

  it('is nothing at first, and the answer says what to do', async () => {
    await serving.refresh();
    expect(() => serving.get('tiny')).toThrow(ModelUnavailableError);
    expect(() => serving.get('tiny')).toThrow('train one: netwarden train tiny');
    expect(() => serving.get('dns')).toThrow(DetectorUnknownError);
    expect(serving.states()).toEqual([{ ...untried, champion: null, serving: null }]);
  });

  it('is the champion from the start of the service', async () => {
    registry.aliases = { champion: 1 };
    await serving.onApplicationBootstrap();
    expect(champion()).toBe(1);
    expect(serving.get('tiny').champion.model.thresholds).toEqual({ suspicious: 0.5, malicious: 0.9 });
  });

  it('follows a promotion, and a roll-back', async () => {
    await promote(1);
    await promote(2);
    expect(champion()).toBe(2);
    await promote(1);
    expect(serving.states()).toEqual([untried]);
    expect(said.filter(({ level }) => level === 'log').map(({ text }) => text)).toEqual([
      'tiny is served by version 1',
      'tiny is served by version 2',
      'tiny is served by version 1',
    ]);
  });

  it('is loaded once, however often one looks', async () => {
    await promote(1);
    await Promise.all([serving.refresh(), serving.refresh(), serving.refresh()]);
    expect(registry.loads).toBe(1);
  });

  it('stays what was given out: a swap does not touch a request that goes on', async () => {
    await promote(1);
    const before = serving.get('tiny');
    await move({ champion: 2, challenger: 1, challengerMode: 'shadow' });
    expect([before.champion.version, before.trial]).toEqual([1, null]);
    expect(serving.get('tiny').champion.model).not.toBe(before.champion.model);
  });

  it('is swapped the moment this process moves an alias', async () => {
    await serving.onApplicationBootstrap();
    registry.aliases = { champion: 2 };
    registry.moved.next({} as Deployment);
    await serving.refresh();
    expect(champion()).toBe(2);
    expect(registry.loads).toBe(1);
  });

  it.each([
    [3, 'its bytes do not have the digest they were stored under.'],
    [4, 'it does not reproduce its self-test (row 0).'],
    [9, 'tiny has no model version 9. GET /v1/admin/models/tiny/versions lists them.'],
  ])('is not version %d, says why, and is the old one on', async (version, reason) => {
    await promote(1);
    await promote(version);
    const problem = `version ${version} is refused: ${reason} Version 1 goes on serving.`;
    expect(serving.states()).toEqual([{ ...untried, champion: version, problem }]);
    await serving.refresh();
    expect(errors()).toEqual([`tiny: ${problem}`]);
    await promote(2);
    expect(serving.states()).toEqual([{ ...untried, champion: 2, serving: 2 }]);
  });

  it('says why it is nothing, where the only one is refused', async () => {
    await promote(3);
    expect(() => serving.get('tiny')).toThrow('do not have the digest');
    expect(serving.states()).toMatchObject([{ champion: 3, serving: null }]);
    expect(errors()[0]).toContain('There is no other to serve.');
  });

  it('stays the same while the database is away, and catches up when it is back', async () => {
    await promote(1);
    registry.away = new Error('connect ECONNREFUSED');
    await promote(2);
    expect(serving.states()).toEqual([untried]);
    expect(errors()).toEqual([]);
    registry.away = null;
    await serving.refresh();
    expect(champion()).toBe(2);
  });

  it('comes later where the database is away at the start', async () => {
    registry.aliases = { champion: 1 };
    registry.away = new Error('connect ECONNREFUSED');
    await serving.onApplicationBootstrap();
    expect(() => serving.get('tiny')).toThrow(ModelUnavailableError);
    registry.away = null;
    await serving.refresh();
    expect(champion()).toBe(1);
  });

  it('is asked for again when the database goes away between the alias and the bundle', async () => {
    registry.bundles.set(1, new Error('connection 5 to 127.0.0.1:27017 closed'));
    await promote(1);
    expect(serving.states()).toEqual([{ ...untried, champion: null, serving: null }]);
    registry.bundles.set(1, good);
    await serving.refresh();
    expect(champion()).toBe(1);
  });

  describe('beside the champion', () => {
    const canary = { challenger: 2, challengerMode: 'canary', canaryShare: 0.1 } as const;

    beforeEach(() => promote(1));

    it('is nothing of a challenger that waits: it is not even loaded', async () => {
      await move({ challenger: 2 });
      expect(serving.get('tiny').trial).toBeNull();
      expect(registry.loads).toBe(1);
      const challenger = { version: 2, mode: 'none', share: 0, problem: null };
      expect(serving.states()).toEqual([{ ...untried, challenger }]);
    });

    it('is the challenger while it is tried', async () => {
      await move(canary);
      const { trial } = serving.get('tiny');
      expect([trial?.challenger.version, trial?.mode, trial?.share]).toEqual([2, 'canary', 0.1]);
      await move({ challengerMode: 'shadow', canaryShare: 0 });
      expect(serving.get('tiny').trial).toEqual({ ...trial, mode: 'shadow', share: 0 });
      await move({ challenger: null, challengerMode: 'none' });
      expect(serving.get('tiny').trial).toBeNull();
      expect(registry.loads).toBe(2);
    });

    it('is not loaded again when it becomes the champion', async () => {
      await move(canary);
      const { challenger } = serving.get('tiny').trial!;
      await move({ champion: 2, challenger: null, challengerMode: 'none', canaryShare: 0 });
      expect(serving.get('tiny')).toEqual({ champion: challenger, trial: null });
      expect(registry.loads).toBe(2);
    });

    it('is nothing of a challenger that is refused; the champion answers alone, and it is said once', async () => {
      await move({ ...canary, challenger: 3 });
      const problem =
        'version 3 is refused: its bytes do not have the digest they were stored under. Version 1 answers alone.';
      const challenger = { version: 3, mode: 'canary', share: 0.1, problem };
      expect(serving.states()).toEqual([{ ...untried, challenger }]);
      expect(serving.get('tiny').trial).toBeNull();
      await serving.refresh();
      expect(errors()).toEqual([`tiny: ${problem}`]);
    });

    it('is a challenger as soon as it can be had; the champion does not wait for it', async () => {
      registry.bundles.set(5, good).set(6, new Error('connection 5 to 127.0.0.1:27017 closed'));
      await move({ champion: 5, ...canary, challenger: 6 });
      expect(champion()).toBe(5);
      expect(serving.get('tiny').trial).toBeNull();
      registry.bundles.set(6, good);
      await serving.refresh();
      expect(serving.get('tiny').trial?.challenger.version).toBe(6);
    });
  });
});
