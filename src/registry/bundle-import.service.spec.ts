import { Readable } from 'node:stream';
import type { Environment } from '../config/environment.js';
import type { Contract } from '../detector/contract.js';
import type { ContractsService } from '../detector/contracts.service.js';
import { tinyContract, tinySource } from '../detector/fixtures/tiny-contract.js';
import { digestOf, encodeBundle } from './bundle/bundle-codec.js';
import { tinyBundle } from './bundle/fixtures/tiny-bundle.js';
import { BundleImportService, type ImportedVersion } from './bundle-import.service.js';
import { contentDigest } from './bundle-upload.js';
import type { ModelVersion } from './model-version.schema.js';
import type { VersionMaker, Reservation } from './version-maker.service.js';
import { BundleRefusedError, BundleTooLargeError, DigestMismatchError } from './registry.errors.js';
import type { VersionsRepository } from './versions.repository.js';

const origin = { source: 'lab', version: 7, by: 'cli ann' };
const good = encodeBundle(tinyBundle());

/** Keeps the versions that were made, under numbers from 1. */
class FakeRegistrar {
  readonly made: ModelVersion[] = [];

  prepareBytes = (detector: string, bytes: Buffer): Promise<Reservation> =>
    Promise.resolve({ detector, version: this.made.length + 1, sha256: digestOf(bytes) });

  commit = (reserved: Reservation, intervals: object, lineage: object): Promise<ModelVersion> => {
    const version = { ...reserved, intervals, lineage } as unknown as ModelVersion;
    this.made.push(version);
    return Promise.resolve(version);
  };

  withBundle = (_: string, sha256: string): Promise<ModelVersion | null> =>
    Promise.resolve(this.having(sha256).find(({ pruned }) => !pruned) ?? null);

  countPruned = (_: string, sha256: string): Promise<number> =>
    Promise.resolve(this.having(sha256).filter(({ pruned }) => pruned).length);

  private having(sha256: string): ModelVersion[] {
    return this.made.filter(({ lineage }) => lineage.imported?.sha256 === sha256);
  }
}

function importer(contract: Contract = tinyContract()): {
  bundles: BundleImportService;
  made: ModelVersion[];
} {
  const fake = new FakeRegistrar();
  const bundles = new BundleImportService(
    { bundleLimit: good.length } as Environment,
    { get: () => contract } as unknown as ContractsService,
    fake as unknown as VersionsRepository,
    fake as unknown as VersionMaker,
  );
  return { bundles, made: fake.made };
}

describe('the import of a bundle', () => {
  it('makes a version that says where it comes from, and no second one', async () => {
    const { bundles, made } = importer();
    const { version, created } = await bundles.import('tiny', good, origin);
    expect(created).toBe(true);
    const { lineage, intervals } = version;
    expect(lineage).toMatchObject({
      run: `import/tiny/${lineage.imported!.sha256}`,
      fingerprint: null,
      seed: null,
      imported: origin,
    });
    expect(lineage.imported!.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(intervals).toMatchObject({ rocAuc: null, tp: null });
    expect(await bundles.import('tiny', good, origin)).toEqual({ version, created: false });
    expect(made).toHaveLength(1);
  });

  it('makes another version where the one of the same bundle was pruned', async () => {
    const { bundles, made } = importer();
    for (const [run, version] of ['', '/2', '/3'].entries()) {
      const imported = await bundles.import('tiny', good, origin);
      expect(imported).toMatchObject({ created: true, version: { version: run + 1 } });
      expect(imported.version.lineage.run).toBe(
        `import/tiny/${imported.version.lineage.imported!.sha256}${version}`,
      );
      made[run].pruned = { at: new Date(0), by: 'retention', reason: 'old' };
    }
  });

  const [ip, duration, protocol] = tinySource.features;
  it.each([
    ['another detector', { detector: 'other' }, /of the detector tiny, not of other/],
    [
      'a contract with a feature more',
      { features: [ip, duration, protocol, { ...duration, name: 'bytes' }] },
      /bytes/,
    ],
    [
      'a contract with a feature less',
      { features: [ip, duration] },
      /protocol: is no feature of the contract/,
    ],
    [
      'a contract with a feature of another type',
      { features: [ip, { ...duration, type: 'integer' }, protocol] },
      /duration: is of type number in the bundle and integer in the contract/,
    ],
    [
      'a contract with other categories',
      { features: [ip, duration, { ...protocol, values: { tcp: 't', udp: 'u' } }] },
      /protocol: has other values/,
    ],
  ])('refuses it for %s, and says why', async (_, changes, reason) => {
    const { bundles, made } = importer(tinyContract(changes as object));
    const refused: BundleRefusedError = await bundles.import('tiny', good, origin).then(
      () => Promise.reject(new Error('it was taken')),
      (error: BundleRefusedError) => error,
    );
    expect(refused).toBeInstanceOf(BundleRefusedError);
    const faults = refused.errors.map(({ path, message }) => `${path}: ${message}`);
    expect([refused.message, ...faults].join('\n')).toMatch(reason);
    expect(made).toEqual([]);
  });

  it('does not mind features in another order, or described otherwise', async () => {
    const features = [protocol, { ...ip, meaning: 'the host' }, duration];
    expect((await importer(tinyContract({ features })).bundles.import('tiny', good, origin)).created).toBe(
      true,
    );
  });

  const wrong = tinyBundle();
  const unfaithful = encodeBundle({
    ...wrong,
    selfTest: { ...wrong.selfTest, probabilities: wrong.selfTest.probabilities.map((p) => 1 - p) },
  });
  it.each([
    ['nothing', Buffer.alloc(0), /does not begin like a model bundle/],
    ['a text', Buffer.from('version,1\n'), /does not begin like a model bundle/],
    ['half a bundle', good.subarray(0, good.length / 2), /cut off or damaged/],
    ['a bundle with a byte more', Buffer.concat([good, Buffer.of(0)]), /cut off or damaged/],
    ['a model that scores otherwise than it says', unfaithful, /does not reproduce its self-test/],
  ])('refuses %s', async (_, bytes, reason) => {
    const { bundles, made } = importer();
    await expect(bundles.import('tiny', bytes, origin)).rejects.toThrow(reason);
    await expect(bundles.import('tiny', bytes, origin)).rejects.toThrow(BundleRefusedError);
    expect(made).toEqual([]);
  });
});

describe('the upload of a bundle', () => {
  const receive = (bytes: Buffer, digest?: string, announced = NaN): Promise<ImportedVersion> =>
    importer().bundles.receive(
      'tiny',
      {
        stream: Readable.from([bytes.subarray(0, 9), bytes.subarray(9)]),
        announced,
        ...(digest && { digest }),
      },
      origin,
    );

  it('is taken up to the limit and with the digest that it says', async () => {
    const { version } = await receive(good);
    const digest = contentDigest(version.lineage.imported!.sha256);
    expect((await receive(good, digest)).created).toBe(true);
    expect((await receive(good, `md5=:AAAA:, ${digest}`)).created).toBe(true);
  });

  it('is refused beyond the limit, whether that was announced or not', async () => {
    const large = Buffer.concat([good, Buffer.of(0)]);
    await expect(receive(large)).rejects.toThrow(BundleTooLargeError);
    await expect(receive(good, undefined, good.length + 1)).rejects.toThrow(BundleTooLargeError);
  });

  it('is refused where it was damaged on the way, or says something else than a digest', async () => {
    await expect(receive(good, contentDigest('00'.repeat(32)))).rejects.toThrow(DigestMismatchError);
    await expect(receive(good, 'sha-256=abc')).rejects.toMatchObject({
      errors: [{ path: 'content-digest' }],
    });
  });

  it('is refused where its sender went away', async () => {
    const stream = new Readable({
      read() {
        this.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
      },
    });
    const received = importer().bundles.receive('tiny', { stream, announced: 5 }, origin);
    await expect(received).rejects.toThrow('its sender went away');
  });
});
