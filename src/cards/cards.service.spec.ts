import type { ModelAliases } from '../registry/model-aliases.schema.js';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { VersionPrunedError } from '../registry/registry.errors.js';
import type { RegistryService } from '../registry/registry.service.js';
import { CardsService } from './cards.service.js';
import type { ModelCard } from './model-card.js';
import type { ModelCardsRepository } from './model-cards.repository.js';

const versions = [1, 2, 3].map(
  (version) => ({ _id: `tiny/${version}`, detector: 'tiny', version }) as ModelVersion,
);

describe('the model cards', () => {
  let aliases: Pick<ModelAliases, 'champion' | 'challenger'>;
  let cards: CardsService;

  beforeEach(() => {
    aliases = { champion: 2, challenger: 3 };
    const registry = {
      aliases: () => Promise.resolve(aliases),
      getVersion: (_: string, version: number) => Promise.resolve(versions[version - 1]),
      movesOf: ({ version }: ModelVersion) =>
        Promise.resolve([{ _id: 'tiny/4', detector: 'tiny', move: 4, to: version }]),
    };
    const stored = {
      find: (id: string) => Promise.resolve({ modelDetails: { title: id } } as ModelCard),
    };
    cards = new CardsService(
      registry as unknown as RegistryService,
      stored as unknown as ModelCardsRepository,
    );
  });

  it('add to a stored card where the aliases are and who moved them there', async () => {
    expect(await cards.served('tiny', 3)).toEqual({
      modelDetails: { title: 'tiny/3' },
      deployments: { aliases: ['challenger'], moves: [{ move: 4, to: 3 }] },
    });
  });

  it('give the card of the champion where no version is named', async () => {
    expect(await cards.served('tiny')).toMatchObject({
      modelDetails: { title: 'tiny/2' },
      deployments: { aliases: ['champion'] },
    });
    aliases = { champion: null, challenger: null };
    await expect(cards.served('tiny')).rejects.toThrow('tiny has no model version champion');
  });

  it('refuse a version that was pruned although its card is still there', async () => {
    const pruned = { at: new Date(), by: 'retention', reason: 'old' };
    await expect(cards.of({ ...versions[0], pruned })).rejects.toThrow(VersionPrunedError);
  });
});
