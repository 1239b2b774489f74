import { RequestInvalidError } from '../common/errors.js';
import { type ChallengeOrder, requireSensible } from './moves.js';

type How = Omit<ChallengeOrder, 'actor'>;

function faultsOf(version: number | null, how: How): (string | undefined)[] {
  try {
    requireSensible(version, { actor: 'a', ...how });
    return [];
  } catch (error) {
    if (error instanceof RequestInvalidError) return error.errors.map(({ path }) => path);
    throw error;
  }
}

describe('a challenge', () => {
  it.each<[number | null, How]>([
    [2, {}],
    [2, { mode: 'shadow' }],
    [2, { mode: 'canary', share: 0.001 }],
    [2, { mode: 'canary', share: 1 }],
    [null, {}],
  ])('of version %j makes sense with %j', (version, how) => {
    expect(faultsOf(version, how)).toEqual([]);
  });

  it.each<[number | null, How, string[]]>([
    [2, { mode: 'canary' }, ['share']],
    [2, { mode: 'canary', share: 0 }, ['share']],
    [2, { mode: 'canary', share: 1.01 }, ['share']],
    [2, { mode: 'canary', share: NaN }, ['share']],
    [2, { mode: 'shadow', share: 0.1 }, ['share']],
    [2, { share: 0.1 }, ['share']],
    [null, { mode: 'canary', share: 0.1 }, ['mode']],
    [null, { share: 0.1 }, ['share']],
  ])('of version %j makes no sense with %j', (version, how, paths) => {
    expect(faultsOf(version, how)).toEqual(paths);
  });
});
