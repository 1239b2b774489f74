import type { INestApplicationContext } from '@nestjs/common';
import { ContractsService } from './detector/contracts.service.js';
import { tinyContract } from './detector/fixtures/tiny-contract.js';
import { firstStart } from './first-start.js';
import { LeasesService } from './leases/leases.service.js';
import { ServingService } from './prediction/serving.service.js';
import { BundleImportService } from './registry/bundle-import.service.js';
import { BundleDamagedError } from './registry/registry.errors.js';
import { RegistryService } from './registry/registry.service.js';

interface Champion {
  readonly by: string;
  readonly readable: boolean;
}

/** A database with this champion as version 3, and the moves of a first start there. */
async function movesWith({ by, readable }: Champion): Promise<unknown[]> {
  const moves: unknown[] = [];
  const contract = tinyContract({ source: { name: 'made up', baseline: 'package.json' } });
  const services = new Map<unknown, unknown>([
    [ContractsService, { detectors: ['tiny'], get: () => contract }],
    [
      RegistryService,
      {
        aliases: () => Promise.resolve({ champion: 3, lastVersion: 3 }),
        getVersion: () => Promise.resolve({ version: 3, lineage: { imported: { by } } }),
        loadBundle: () =>
          readable ? Promise.resolve({}) : Promise.reject(new BundleDamagedError('its features are others')),
        promote: (detector: string, version: number, { expectedChampion }: { expectedChampion: number }) =>
          Promise.resolve(moves.push({ detector, version, expectedChampion })),
      },
    ],
    [BundleImportService, { import: () => Promise.resolve({ version: { version: 4 } }) }],
    [LeasesService, { hold: () => Promise.resolve({ release: () => Promise.resolve() }) }],
    [ServingService, { refresh: () => Promise.resolve() }],
  ]);
  await firstStart(
    { get: (token: unknown) => services.get(token) } as INestApplicationContext,
    () => undefined,
  );
  return moves;
}

describe('a first start on a database with a champion', () => {
  it('puts this program’s baseline in the place of an earlier one that it cannot read', async () => {
    const moves = await movesWith({ by: 'first start', readable: false });
    expect(moves).toEqual([{ detector: 'tiny', version: 4, expectedChampion: 3 }]);
  });

  it.each<[string, Champion]>([
    ['a baseline that it can read', { by: 'first start', readable: true }],
    ['what someone imported, though it cannot read it', { by: 'api', readable: false }],
  ])('leaves %s', async (_, champion) => {
    expect(await movesWith(champion)).toEqual([]);
  });
});
