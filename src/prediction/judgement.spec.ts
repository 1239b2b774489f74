import { jest } from '@jest/globals';
import { tinyBundle } from '../registry/bundle/fixtures/tiny-bundle.js';
import { ScoringModel } from '../registry/bundle/scoring-model.js';
import type { ModelVersion } from '../registry/model-version.schema.js';
import { judge, Judgements } from './judgement.js';
import { LoadedVersion } from './loaded-version.js';

const versionOf = (): LoadedVersion =>
  new LoadedVersion({ version: 3 } as ModelVersion, ScoringModel.verified(tinyBundle('logistic')));
const threat = [-1, 5, 'tcp'] as const;
const benign = [1, 0, 'tcp'] as const;

describe('judgements that recur', () => {
  it('are worked out once, and are those of a version without memory', async () => {
    const version = versionOf();
    const fresh = await judge(version, [threat, benign], true);
    const score = jest.spyOn(version.model, 'score');
    const judgements = new Judgements();
    expect(await judgements.of(version, [threat, benign], true)).toEqual(fresh);
    expect(await judgements.of(version, [benign, threat], true)).toEqual([fresh[1], fresh[0]]);
    expect(score).toHaveBeenCalledTimes(1);
  });

  it('stand in the order of the rows where only some are known', async () => {
    const version = versionOf();
    const judgements = new Judgements();
    await judgements.of(version, [benign], true);
    expect(await judgements.of(version, [threat, benign, threat], true)).toEqual(
      await judge(version, [threat, benign, threat], true),
    );
  });

  it('are worked out again for their reasons where those were not asked for before', async () => {
    const version = versionOf();
    const judgements = new Judgements();
    expect(await judgements.of(version, [threat], false)).toMatchObject([{ reasons: null }]);
    const [{ reasons }] = await judgements.of(version, [threat], true);
    expect(reasons!.length).toBeGreaterThan(0);
    expect(await judgements.of(version, [threat], false)).toMatchObject([{ reasons }]);
  });

  it('are those of one version only', async () => {
    const [first, second] = [versionOf(), versionOf()];
    const judgements = new Judgements();
    await judgements.of(first, [threat], true);
    const score = jest.spyOn(second.model, 'score');
    await judgements.of(second, [threat], true);
    expect(score).toHaveBeenCalledTimes(1);
  });
});
