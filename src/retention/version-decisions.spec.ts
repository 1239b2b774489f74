import type { ModelAliases } from '../registry/model-aliases.schema.js';
import type { PrunableState } from '../registry/version-pruning.service.js';
import type { WholeVersion } from '../registry/versions.repository.js';
import { decideVersions } from './version-decisions.js';

const at = new Date(0);

function version(number: number, changes: Partial<WholeVersion> = {}): WholeVersion {
  const lineage = { run: `run ${number}` };
  return {
    _id: `tiny/${number}`,
    version: number,
    sha256: `${number}`,
    size: 100,
    createdAt: at,
    lineage,
    ...changes,
  };
}

function state(
  versions: readonly WholeVersion[],
  aliases: Partial<ModelAliases> = {},
  champions: readonly number[] = [],
): PrunableState {
  return {
    versions,
    aliases: { champion: null, challenger: null, ...aliases } as ModelAliases,
    champions: new Set(champions),
  };
}

const none = new Set<string>();

describe('the decision on versions', () => {
  it('is to stay while an alias or a rollback leads to them, and among the newest', () => {
    const versions = [7, 6, 5, 4, 3, 2, 1].map((number) => version(number));
    const decisions = decideVersions(state(versions, { champion: 3, challenger: 6 }, [2]), 1, none);
    expect(decisions.map(({ version: number, kept, reasons }) => [number, kept, reasons.join()])).toEqual([
      [7, true, 'newest'],
      [6, true, 'challenger'],
      [5, false, 'not among the newest 1'],
      [4, false, 'not among the newest 1'],
      [3, true, 'champion'],
      [2, true, 'champion before'],
      [1, false, 'not among the newest 1'],
    ]);
  });

  it('is to stay with the tag keep, whatever its value, and with no other', () => {
    const tag = (key: string): WholeVersion['tags'] => [{ key, value: 'no', by: 'ann', at }];
    const versions = [version(3), version(2, { tags: tag('keep') }), version(1, { tags: tag('keeper') })];
    const decisions = decideVersions(state(versions), 1, none);
    expect(decisions.map(({ reasons }) => reasons)).toEqual([
      ['newest'],
      ['tag keep'],
      ['not among the newest 1'],
    ]);
  });

  it('is to stay while the run that makes them has not ended', () => {
    const decisions = decideVersions(state([version(2), version(1)]), 1, new Set(['1']));
    expect(decisions[1]).toMatchObject({ kept: true, reasons: ['its run goes on'] });
  });

  it('frees a bundle once, and none that another version needs', () => {
    const same = { sha256: 'same' };
    const shared = [
      version(4, same),
      version(3, same),
      version(2, { sha256: 'b' }),
      version(1, { sha256: 'b' }),
    ];
    const decisions = decideVersions(state(shared), 1, none);
    expect(decisions.map(({ kept, bytes }) => [kept, bytes])).toEqual([
      [true, 0],
      [false, 0],
      [false, 100],
      [false, 0],
    ]);
  });
});
