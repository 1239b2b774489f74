import { jest } from '@jest/globals';
import { tinyBundle } from '../registry/bundle/fixtures/tiny-bundle.js';
import { loadedVersion, noLists } from './fixtures/scoring.js';
import type { LoadedVersion } from './loaded-version.js';
import { ScoreMemory } from './score-memory.js';
import { type Explained, Scorer } from './scorer.js';

const versionOf = (): LoadedVersion => loadedVersion(3, tinyBundle('logistic'));
const threat = { values: [-1, 5, 'tcp'] };
const benign = { values: [1, 0, 'tcp'] };

function scorerOf(version: LoadedVersion, memory?: ScoreMemory, explain: Explained = 'all'): Scorer {
  const options = { context: 'alone', explain, ...(memory && { memory }) } as const;
  return new Scorer(() => ({ champion: version, trial: null }), noLists, options);
}

async function scoresOf(
  scorer: Scorer,
  items: readonly { values: (string | number)[] }[],
): Promise<object[]> {
  return (await scorer.score(items)).map(({ id: _, ...verdict }) => verdict);
}

describe('scores that are remembered', () => {
  it('are worked out once, and are those of a scorer without memory', async () => {
    const version = versionOf();
    const fresh = await scoresOf(scorerOf(version), [threat, benign]);
    const score = jest.spyOn(version.model, 'score');
    const memory = new ScoreMemory();
    expect(await scoresOf(scorerOf(version, memory), [threat, benign])).toEqual(fresh);
    expect(await scoresOf(scorerOf(version, memory), [benign, threat])).toEqual([fresh[1], fresh[0]]);
    expect(score).toHaveBeenCalledTimes(1);
  });

  it('stand in the order of the items where only some are known', async () => {
    const version = versionOf();
    const memory = new ScoreMemory();
    await scoresOf(scorerOf(version, memory), [benign]);
    expect(await scoresOf(scorerOf(version, memory), [threat, benign, threat])).toEqual(
      await scoresOf(scorerOf(version), [threat, benign, threat]),
    );
  });

  it('get their reasons when somebody asks for them for the first time', async () => {
    const version = versionOf();
    const memory = new ScoreMemory();
    expect(await scoresOf(scorerOf(version, memory, 'none'), [threat])).toMatchObject([{ reasons: [] }]);
    const explained = await scoresOf(scorerOf(version, memory), [threat]);
    expect(explained).toEqual(await scoresOf(scorerOf(version), [threat]));
    const explain = jest.spyOn(version.model, 'explain');
    expect(await scoresOf(scorerOf(version, memory), [threat])).toEqual(explained);
    expect(explain).not.toHaveBeenCalled();
    expect(await scoresOf(scorerOf(version, memory, 'none'), [threat])).toMatchObject([{ reasons: [] }]);
  });

  it('are those of one version only', async () => {
    const [first, second] = [versionOf(), versionOf()];
    const memory = new ScoreMemory();
    await scoresOf(scorerOf(first, memory), [threat]);
    const score = jest.spyOn(second.model, 'score');
    await scoresOf(scorerOf(second, memory), [threat]);
    expect(score).toHaveBeenCalledTimes(1);
  });
});
