import mongoose, { type Connection } from 'mongoose';
import { GridFsArtifactStore } from '../src/registry/artifact-store.js';
import { tinyBundle } from '../src/registry/bundle/fixtures/tiny-bundle.js';
import type { Alias } from '../src/registry/deployment.schema.js';
import { Deployment, DeploymentSchema } from '../src/registry/deployment.schema.js';
import { DeploymentsRepository, type MovePlan } from '../src/registry/deployments.repository.js';
import { ModelAliases, ModelAliasesSchema } from '../src/registry/model-aliases.schema.js';
import { type Lineage, ModelVersion, ModelVersionSchema } from '../src/registry/model-version.schema.js';
import { VersionMaker } from '../src/registry/version-maker.service.js';
import { FencedOffError } from '../src/registry/registry.errors.js';
import { VersionsRepository } from '../src/registry/versions.repository.js';
import { Sandbox } from './support/program.js';

const moveTo =
  (to: number, alias: Alias = 'champion'): MovePlan =>
  () =>
    Promise.resolve({ alias, kind: 'promote', to, actor: 'run 1', reason: '' });

function lineage(run: string): Lineage {
  return { run, fingerprint: 'f', rows: 36, contractSha256: 'c', codeVersion: '1', seed: 1 };
}

describe('what a worker does that has been replaced', () => {
  const sandbox = new Sandbox();
  let connection: Connection;
  let deployments: DeploymentsRepository;
  let maker: VersionMaker;

  beforeAll(async () => {
    connection = await mongoose.createConnection(sandbox.env.MONGODB_URI).asPromise();
    const versions = connection.model(ModelVersion.name, ModelVersionSchema);
    await versions.init();
    deployments = new DeploymentsRepository(
      connection.model(ModelAliases.name, ModelAliasesSchema),
      connection.model(Deployment.name, DeploymentSchema),
    );
    maker = new VersionMaker(
      new VersionsRepository(versions),
      deployments,
      new GridFsArtifactStore(connection),
    );
  });

  afterAll(async () => {
    await connection?.close();
    await sandbox.remove();
  });

  it('gets no number and moves no alias, whereas people and the next worker do', async () => {
    await deployments.raiseFence('one', 3);
    await deployments.raiseFence('one', 3);
    expect(await deployments.nextVersion('one', 3)).toBe(1);
    await deployments.raiseFence('one', 4);
    await expect(deployments.raiseFence('one', 3)).rejects.toThrow(FencedOffError);
    await expect(deployments.nextVersion('one', 3)).rejects.toThrow(FencedOffError);
    await expect(deployments.move('one', moveTo(1), { fence: 3 })).rejects.toThrow(FencedOffError);
    await expect(deployments.move('one', moveTo(1, 'challenger'), { fence: 3 })).rejects.toThrow(
      FencedOffError,
    );
    expect(await deployments.aliasesOf('one')).toMatchObject({
      champion: null,
      lastVersion: 1,
      moves: 0,
      fence: 4,
    });

    expect(await deployments.nextVersion('one', 4)).toBe(2);
    expect(await deployments.move('one', moveTo(2), { fence: 4 })).toMatchObject({ move: 1, to: 2 });
    expect(await deployments.move('one', moveTo(1))).toMatchObject({ move: 2, from: 2, to: 1 });
    expect(await deployments.nextVersion('one')).toBe(3);
  });

  it('is refused although the replacement comes while the move is worked out', async () => {
    await deployments.raiseFence('two', 1);
    const slow: MovePlan = async (state) => {
      await deployments.raiseFence('two', 2);
      return moveTo(1)(state);
    };
    await expect(deployments.move('two', slow, { fence: 1 })).rejects.toThrow(FencedOffError);
    expect((await deployments.aliasesOf('two')).champion).toBeNull();
  });

  it('is completed by the next one, once: two commits of one run make one version', async () => {
    const bundle = tinyBundle();
    const reserved = await maker.prepare(bundle);
    const commits = [1, 2, 3].map(() => maker.commit(reserved, {} as never, lineage('run a')));
    const [first, ...others] = await Promise.all(commits);
    expect(first).toMatchObject({ version: reserved.version, sha256: reserved.sha256, candidate: 'forest' });
    for (const other of others) expect(other).toMatchObject({ _id: first._id, createdAt: first.createdAt });
    const again = await maker.prepare(bundle);
    expect(await maker.commit(again, {} as never, lineage('run a'))).toMatchObject({ _id: first._id });
    expect(again.version).toBe(reserved.version + 1);
    const next = await maker.commit(await maker.prepare(bundle), {} as never, lineage('run b'));
    expect(next.version).toBe(reserved.version + 2);
    const files = await connection.collection('bundles.files').countDocuments();
    expect([files, await connection.collection('model_versions').countDocuments()]).toEqual([1, 2]);
  });

  it('tells no time before that of the move before, whatever its clock says', async () => {
    const ahead = await deployments.move('one', moveTo(2));
    const later = new Date(Date.now() + 60_000);
    await connection
      .collection<{ _id: string }>('model_aliases')
      .updateOne({ _id: 'one' }, { $set: { 'lastMove.at': later } });
    const next = await deployments.move('one', moveTo(1));
    expect(next.at.getTime()).toBe(later.getTime());
    expect(next.move).toBe(ahead.move + 1);
    expect(await deployments.servedAt('one', later)).toMatchObject({ move: next.move });
  });
});
