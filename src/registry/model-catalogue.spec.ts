import type { PageQuery } from '../common/page.dto.js';
import type { DeploymentsQuery } from './registry.dto.js';
import type { ModelAliases } from './model-aliases.schema.js';
import { ModelCatalogue } from './model-catalogue.js';
import type { ModelVersion } from './model-version.schema.js';
import { VersionUnknownError } from './registry.errors.js';
import type { RegistryService } from './registry.service.js';

const aliases: ModelAliases = {
  _id: 'tiny',
  champion: 2,
  challenger: 3,
  challengerMode: 'none',
  canaryShare: 0,
  lastVersion: 3,
  moves: 4,
  fence: 0,
  prunings: 0,
  lastMove: null,
};
const versions = [3, 2, 1].map(
  (version) => ({ _id: `tiny/${version}`, detector: 'tiny', version }) as ModelVersion,
);

const blank = { tags: [], description: null, pruned: null };

class FakeRegistry {
  readonly asked: unknown[] = [];
  state = aliases;

  models = (): Promise<ModelAliases[]> => Promise.resolve([this.state]);
  aliases = (): Promise<ModelAliases> => Promise.resolve(this.state);
  listVersions = (_: string, query: PageQuery): Promise<object> =>
    Promise.resolve({ items: versions, page: query.page, pageSize: query.pageSize, total: 3 });
  getVersion = (detector: string, version: number): Promise<ModelVersion> => {
    const found = versions.find((candidate) => candidate.version === version);
    return found ? Promise.resolve(found) : Promise.reject(new VersionUnknownError(detector, version));
  };
  listDeployments = (...asked: unknown[]): Promise<object> => {
    this.asked.push(asked);
    return Promise.resolve({ items: [], page: 1, pageSize: 20, total: 0 });
  };
}

describe('the catalogue of models', () => {
  let registry: FakeRegistry;
  let catalogue: ModelCatalogue;

  beforeEach(() => {
    registry = new FakeRegistry();
    catalogue = new ModelCatalogue(registry as unknown as RegistryService);
  });

  it('lists models without what is kept for the ledger', async () => {
    expect(await catalogue.models()).toEqual([
      {
        detector: 'tiny',
        champion: 2,
        challenger: 3,
        challengerMode: 'none',
        canaryShare: 0,
        lastVersion: 3,
      },
    ]);
  });

  it('shows at each version which aliases point to it', async () => {
    const page = await catalogue.versions('tiny', { page: 2, pageSize: 3 });
    expect(page).toEqual({
      items: [
        { detector: 'tiny', version: 3, aliases: ['challenger'], ...blank },
        { detector: 'tiny', version: 2, aliases: ['champion'], ...blank },
        { detector: 'tiny', version: 1, aliases: [], ...blank },
      ],
      page: 2,
      pageSize: 3,
      total: 3,
    });
    expect(await catalogue.version('tiny', 2)).toEqual({
      detector: 'tiny',
      version: 2,
      aliases: ['champion'],
      ...blank,
    });
  });

  it('shows both aliases at a version that has both', async () => {
    registry.state = { ...aliases, challenger: 2 };
    expect((await catalogue.version('tiny', 2)).aliases).toEqual(['champion', 'challenger']);
  });

  it('passes an unknown version on as what it is', async () => {
    await expect(catalogue.version('tiny', 9)).rejects.toThrow(VersionUnknownError);
  });

  it('asks the ledger for the moment that is wanted', async () => {
    const query: DeploymentsQuery = { page: 1, pageSize: 20, at: new Date(5) };
    await catalogue.deployments('tiny', query);
    expect(registry.asked).toEqual([['tiny', query, new Date(5)]]);
  });
});
