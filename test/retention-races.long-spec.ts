import mongoose, { type Connection } from 'mongoose';
import { GridFsArtifactStore } from '../src/registry/artifact-store.js';
import { BundleSweepService } from '../src/registry/bundle-sweep.service.js';
import { StoredModelCard, StoredModelCardSchema } from '../src/cards/model-card.schema.js';
import { ModelCardsRepository } from '../src/cards/model-cards.repository.js';
import { Deployment, DeploymentSchema } from '../src/registry/deployment.schema.js';
import { DeploymentsRepository, type Move } from '../src/registry/deployments.repository.js';
import { ModelAliases, ModelAliasesSchema } from '../src/registry/model-aliases.schema.js';
import { ModelVersion, ModelVersionSchema } from '../src/registry/model-version.schema.js';
import { VersionPrunedError } from '../src/registry/registry.errors.js';
import { type PruneChoice, VersionPruningService } from '../src/registry/version-pruning.service.js';
import { VersionsRepository } from '../src/registry/versions.repository.js';
import { Sandbox } from './support/program.js';

/** Lets something happen in the middle of a sweep. */
class Deployments extends DeploymentsRepository {
  beforeAnnouncement: (() => Promise<unknown>) | null = null;
  afterAnnouncement: (() => Promise<unknown>) | null = null;

  override async announcePruning(aliases: ModelAliases): Promise<boolean> {
    const [before, after] = [this.beforeAnnouncement, this.afterAnnouncement];
    this.beforeAnnouncement = this.afterAnnouncement = null;
    await before?.();
    const announced = await super.announcePruning(aliases);
    await after?.();
    return announced;
  }
}

const allButChampion: PruneChoice = ({ aliases, versions }) =>
  versions.map(({ version }) => version).filter((version) => version !== aliases.champion);

/** Any version but the champion. */
const oneBut =
  (place: number): PruneChoice =>
  (state) =>
    allButChampion(state).slice(place % 7, (place % 7) + 1);

describe('pruning while aliases are moved', () => {
  const sandbox = new Sandbox();
  let connection: Connection;
  let artifacts: GridFsArtifactStore;
  let deployments: Deployments;
  let versions: VersionsRepository;
  let cards: ModelCardsRepository;
  let pruning: VersionPruningService;

  const row = (detector: string, version: number): Promise<ModelVersion> => versions.get(detector, version);
  const champion = async (detector: string): Promise<number | null> =>
    (await deployments.aliasesOf(detector)).champion;
  const stored = async (detector: string, version: number): Promise<boolean> => {
    const bytes = await artifacts.get((await row(detector, version)).sha256).catch(() => null);
    return bytes !== null;
  };

  /** Makes versions 1 to `count`, each with a bundle of its own that was stored long ago. */
  const prepare = async (detector: string, count: number): Promise<void> => {
    for (let number = 1; number <= count; number++) {
      const bytes = Buffer.from(`${detector} ${number}`);
      const sha256 = await artifacts.put(bytes);
      const version = await deployments.nextVersion(detector);
      const parts = {
        candidate: 'c',
        learner: 'l',
        size: bytes.length,
        metrics: {},
        intervals: {},
        signature: [],
      };
      const lineage = { run: `${detector} ${version}` } as ModelVersion['lineage'];
      const made = {
        _id: `${detector}/${version}`,
        detector,
        version,
        sha256,
        lineage,
        createdAt: new Date(),
      };
      await versions.add({ ...parts, ...made, thresholds: {} } as unknown as ModelVersion);
    }
  };

  /** A promotion as the registry makes it; `meanwhile` happens once, after it has looked at the version. */
  const promote = async (
    detector: string,
    to: number,
    meanwhile: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<Deployment> => {
    let once: (() => Promise<unknown>) | null = meanwhile;
    return deployments.move(detector, async (): Promise<Move> => {
      await versions.movable(detector, to);
      const happens = once;
      once = null;
      await happens?.();
      return { alias: 'champion', kind: 'promote', to, actor: 'ann', reason: '' };
    });
  };

  const prune = (detector: string, choose: PruneChoice): Promise<unknown> =>
    pruning.prune(detector, choose, {
      by: 'test',
      reason: 'old',
      reserved: new Set(),
      storedBefore: new Date(Date.now() + 60_000),
      removeCard: (id) => cards.remove(id),
    });

  beforeAll(async () => {
    connection = await mongoose.createConnection(sandbox.env.MONGODB_URI).asPromise();
    const model = connection.model(ModelVersion.name, ModelVersionSchema);
    await model.init();
    artifacts = new GridFsArtifactStore(connection);
    versions = new VersionsRepository(model);
    deployments = new Deployments(
      connection.model(ModelAliases.name, ModelAliasesSchema),
      connection.model(Deployment.name, DeploymentSchema),
    );
    cards = new ModelCardsRepository(connection.model(StoredModelCard.name, StoredModelCardSchema));
    pruning = new VersionPruningService(versions, deployments, new BundleSweepService(artifacts, versions));
  });

  afterAll(async () => {
    await connection?.close();
    await sandbox.remove();
  });

  it('makes a promotion look again that had looked at the version before', async () => {
    await prepare('looked', 2);
    await promote('looked', 2);
    const late = promote('looked', 1, () => prune('looked', allButChampion));
    await expect(late).rejects.toThrow(VersionPrunedError);
    expect(await champion('looked')).toBe(2);
    expect([await stored('looked', 1), await stored('looked', 2)]).toEqual([false, true]);
  });

  it('takes its marks off again where a promotion that had looked before comes first', async () => {
    await prepare('between', 3);
    await promote('between', 3);
    let looked!: () => void;
    let go!: () => void;
    const isLooking = new Promise<void>((resolve) => (looked = resolve));
    const mayGo = new Promise<void>((resolve) => (go = resolve));
    const slow = promote('between', 1, () => {
      looked();
      return mayGo;
    });
    await isLooking;
    deployments.beforeAnnouncement = async () => {
      expect((await row('between', 1)).pruning).toEqual(expect.any(String));
      go();
      await slow;
    };
    let asked = 0;
    await prune('between', (state) => {
      asked++;
      return allButChampion(state);
    });
    expect([asked, await champion('between')]).toEqual([2, 1]);
    const left = await row('between', 1);
    expect([left.pruned, left.pruning]).toEqual([undefined, undefined]);
    expect(await stored('between', 1)).toBe(true);
  });

  it('refuses promotions while it is going on, and prunes nothing that another sweep has given back', async () => {
    await prepare('frozen', 3);
    await promote('frozen', 3);
    deployments.afterAnnouncement = async () => {
      await expect(promote('frozen', 1)).rejects.toThrow('is being pruned');
      // This sweep is frozen for long: the next one decides to keep all, and someone promotes.
      await prune('frozen', () => []);
      await promote('frozen', 1);
    };
    await prune('frozen', allButChampion);
    expect(await champion('frozen')).toBe(1);
    for (const version of [1, 2, 3]) {
      expect((await row('frozen', version)).pruned).toBeUndefined();
      expect(await stored('frozen', version)).toBe(true);
    }
  });

  it('goes on where a crashed sweep has left off', async () => {
    await prepare('crashed', 4);
    await promote('crashed', 4);
    await versions.markForPruning('crashed', [1], 'a sweep');
    await versions.prune('crashed', 'a sweep', { at: new Date(), by: 'test', reason: 'old' });
    await versions.markForPruning('crashed', [2], 'another');
    await expect(promote('crashed', 2)).rejects.toThrow(VersionPrunedError);
    await prune('crashed', () => []);
    expect([await stored('crashed', 1), (await row('crashed', 1)).pruning]).toEqual([false, undefined]);
    expect(await promote('crashed', 2)).toMatchObject({ from: 4, to: 2 });
  });

  it('keeps what is tagged meanwhile', async () => {
    await prepare('tagged', 2);
    await promote('tagged', 2);
    const tag = { key: 'keep', value: '', by: 'ann', at: new Date() };
    deployments.afterAnnouncement = () => versions.tag('tagged/1', tag);
    await prune('tagged', allButChampion);
    const left = await row('tagged', 1);
    expect([left.pruned, left.pruning, await stored('tagged', 1)]).toEqual([undefined, undefined, true]);
  });

  it('never takes the champion’s bundle, whoever moves and prunes at once', async () => {
    const count = 8;
    await prepare('busy', count);
    await promote('busy', 1);
    const errors: unknown[] = [];
    const note = (error: unknown): unknown => errors.push(error);
    const works = Array.from({ length: 16 }, async (_, i) => {
      await new Promise((wait) => setTimeout(wait, (i % 8) * 5));
      if (i % 4 === 0) await prune('busy', oneBut(i));
      else await promote('busy', 1 + (i % count));
    });
    await Promise.all(works.map((work) => work.catch(note)));
    for (const error of errors) expect(String(error)).toMatch(/VersionPrunedError|changed 5 times/);
    const served = (await champion('busy'))!;
    for (let version = 1; version <= count; version++) {
      const { pruned, pruning } = await row('busy', version);
      expect({ version, stored: await stored('busy', version) }).toEqual({ version, stored: !pruned });
      expect(pruning).toBeUndefined();
    }
    expect((await row('busy', served)).pruned).toBeUndefined();
  });
});
