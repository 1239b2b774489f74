import type { Environment } from '../config/environment.js';
import type { BundleImportService, BundleOrigin } from '../registry/bundle-import.service.js';
import { FakeMlflow } from './fixtures/fake-mlflow.js';
import { bundle, endedRun, madeVersion, Mirrored } from './fixtures/tracked.js';
import { Tracker } from './tracker.service.js';
import { VersionImport } from './version-import.service.js';

let fake: FakeMlflow;
let mirror: Mirrored;
/** What became versions here. */
let imported: { detector: string; bytes: Buffer; origin: BundleOrigin }[];

const uri = 'models:/netwarden-tiny@champion';

/** An installation that takes bundles of at most so many bytes. */
function importer(server?: string, bundleLimit = 1000): VersionImport {
  const environment = { bundleLimit, ...(server && { tracking: { uri: server } }) } as Environment;
  const bundles = {
    import: (detector: string, bytes: Buffer, origin: BundleOrigin) => {
      imported.push({ detector, bytes, origin });
      return Promise.resolve({ created: true });
    },
  } as unknown as BundleImportService;
  return new VersionImport(environment, new Tracker(environment), bundles);
}

beforeEach(async () => {
  imported = [];
  fake = await FakeMlflow.start();
});
afterEach(() => fake.stop());

/** Has two versions mirrored, of which the second one is the champion. */
async function mirrorTwo(): Promise<void> {
  mirror = new Mirrored(fake.url);
  mirror.has(madeVersion(7), endedRun(7));
  mirror.has(madeVersion(8), endedRun(8));
  await mirror.promote(7);
  await mirror.promote(8);
}

describe('a version on a tracking server', () => {
  it('comes back with its bytes, by alias', async () => {
    await mirrorTwo();
    await importer(fake.url).import(uri, 'ann');
    const origin = { source: `models:/netwarden-tiny/2 on ${fake.url}`, version: 8, by: 'ann' };
    expect(imported).toEqual([{ detector: 'tiny', bytes: bundle, origin }]);
  });

  it('comes back by its number there', async () => {
    await mirrorTwo();
    await importer(fake.url).import('models:/netwarden-tiny/1', 'ann');
    expect(imported[0].origin).toMatchObject({ version: 7 });
  });

  it('comes back from a server without aliases', async () => {
    fake.lacks = [
      'POST registered-models/alias',
      'GET registered-models/alias',
      'DELETE registered-models/alias',
    ];
    await mirrorTwo();
    await importer(fake.url).import(uri, 'ann');
    expect(imported[0].origin).toMatchObject({ version: 8 });
  });

  it.each([
    [uri, 8],
    ['models:/netwarden-tiny/7', 7],
  ])('comes back from a server without a registry: %s', async (wanted, version) => {
    fake.lacks = [
      'GET registered-models',
      'POST registered-models',
      'GET model-versions',
      'POST model-versions',
    ];
    await mirrorTwo();
    await importer(fake.url).import(wanted, 'ann');
    expect(imported[0].origin).toMatchObject({ version, source: expect.stringContaining('run r') });
  });
});

describe('nothing is imported', () => {
  it.each(['netwarden-tiny@champion', 'models:/netwarden-tiny', 'models:/a/Production', 'models:/@x', ''])(
    'of what is no address of a version: %j',
    async (wanted) => {
      await expect(importer(fake.url).import(wanted, 'ann')).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
        errors: [{ path: wanted, message: expect.stringContaining('models:/<name>@<alias>') }],
      });
    },
  );

  it('without a tracking server', async () => {
    await expect(importer().import(uri, 'ann')).rejects.toThrow('Set MLFLOW_TRACKING_URI');
  });

  it.each([
    'models:/netwarden-tiny@challenger',
    'models:/netwarden-tiny/3',
    'models:/netwarden-tiny/8',
    'models:/other@champion',
  ])('of what is not there: %s', async (wanted) => {
    await mirrorTwo();
    await expect(importer(fake.url).import(wanted, 'ann')).rejects.toThrow(
      `There is no ${wanted} on ${fake.url}.`,
    );
  });

  it('of a version that somebody else registered', async () => {
    await mirrorTwo();
    fake.versions.push({ name: 'theirs', version: '3', source: 's3://x', run_id: 'r1', tags: {} });
    await expect(importer(fake.url).import('models:/theirs/3', 'ann')).rejects.toThrow(
      'models:/theirs/3 has no tag netwarden.detector',
    );
  });

  it('of a bundle that was altered', async () => {
    await mirrorTwo();
    for (const [path] of fake.files) if (path.endsWith('.bundle')) fake.files.set(path, Buffer.from('other'));
    await expect(importer(fake.url).import(uri, 'ann')).rejects.toMatchObject({
      code: 'BUNDLE_REFUSED',
      message: expect.stringContaining('altered or damaged'),
    });
  });

  it('of a bundle that is not there any more', async () => {
    await mirrorTwo();
    fake.files.clear();
    await expect(importer(fake.url).import(uri, 'ann')).rejects.toThrow('has no file model/tiny.bundle');
  });

  it('of a run that is not there any more', async () => {
    await mirrorTwo();
    fake.runs.length = 0;
    await expect(importer(fake.url).import(uri, 'ann')).rejects.toThrow(
      'the run of models:/netwarden-tiny/2 was',
    );
  });

  it('that is too large', async () => {
    await mirrorTwo();
    await expect(importer(fake.url, 5).import(uri, 'ann')).rejects.toMatchObject({ code: 'INPUT_TOO_LARGE' });
  });

  it('from a server that is away', async () => {
    const { url } = fake;
    await fake.stop();
    await expect(importer(url).import(uri, 'ann')).rejects.toMatchObject({
      code: 'TRACKING_FAILED',
      message: expect.stringContaining('did not reach the server'),
    });
    fake = await FakeMlflow.start();
  });

  afterEach(() => expect(imported).toEqual([]));
});
