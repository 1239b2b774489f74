import { jest } from '@jest/globals';
import type { ContractsService } from '../detector/contracts.service.js';
import { tinyBundle } from '../registry/bundle/fixtures/tiny-bundle.js';
import { BundleDamagedError, VersionUnknownError } from '../registry/registry.errors.js';
import type { RegistryService } from '../registry/registry.service.js';
import { LoadedVersions } from './loaded-versions.service.js';
import { ModelUnavailableError } from './prediction.errors.js';

const bundle = tinyBundle('logistic');

describe('the loaded versions of a process', () => {
  let loads: number[];
  let failure: Error | null;
  let versions: LoadedVersions;

  beforeEach(() => {
    loads = [];
    failure = null;
    const registry = {
      champion: () => Promise.resolve({ version: 1 }),
      getVersion: (_: string, version: number) => Promise.resolve({ version }),
      loadBundle: ({ version }: { version: number }) => {
        loads.push(version);
        return failure ? Promise.reject(failure) : Promise.resolve(bundle);
      },
    } as unknown as RegistryService;
    const contracts = { detectors: ['tiny'], get: () => bundle.contract } as unknown as ContractsService;
    versions = new LoadedVersions(contracts, registry);
  });
  afterEach(() => jest.useRealTimers());

  it('are read once, however many want them at a time', async () => {
    const [first, second] = await Promise.all([versions.get('tiny', 1), versions.champion('tiny')]);
    expect(second).toBe(first);
    expect(await versions.get('tiny', 1)).toBe(first);
    expect(loads).toEqual([1]);
  });

  it('are bounded: the one that nobody wanted for the longest is forgotten', async () => {
    for (let version = 1; version <= 8; version++) {
      await versions.get('tiny', version);
      await versions.get('tiny', 1);
    }
    expect(loads).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    await versions.get('tiny', 2);
    expect(loads).toHaveLength(9);
    await versions.get('tiny', 1);
    expect(loads).toHaveLength(9);
  });

  it('do not hold one that is damaged; it is read again half a minute later', async () => {
    jest.useFakeTimers();
    failure = new BundleDamagedError('its digest is another');
    await expect(versions.get('tiny', 1)).rejects.toBeInstanceOf(ModelUnavailableError);
    failure = null;
    await expect(versions.get('tiny', 1)).rejects.toThrow('version 1 is refused: its digest is another.');
    expect(loads).toEqual([1]);
    jest.advanceTimersByTime(31_000);
    expect((await versions.get('tiny', 1)).version).toBe(1);
  });

  it('do not remember that the database was away', async () => {
    failure = new Error('connect ECONNREFUSED');
    await expect(versions.get('tiny', 1)).rejects.toThrow('ECONNREFUSED');
    failure = null;
    expect((await versions.get('tiny', 1)).version).toBe(1);
  });

  it('say why a version that is not there is refused', async () => {
    failure = new VersionUnknownError('tiny', 9);
    expect(await versions.attempt('tiny', 9)).toMatchObject({
      loaded: null,
      refusal: expect.stringContaining('tiny has no model version 9'),
    });
  });
});
