import help from './boosting/boosting.task.js';
import { learnable } from './fixtures/boosting.js';
import { FakeTeam } from './fixtures/fake-team.js';
import { GradientBoosting } from './gradient-boosting.js';
import type { LearnerOptions, ModelState } from './learner.js';

describe('gradient boosting with a team', () => {
  // Enough rows that every kind of step is worth sharing.
  const { x, y } = learnable(21_000, 3, 0.2);
  const sampleWeight = Float64Array.from(y, (_, row) => 0.5 + (row % 7));
  const state = (options: LearnerOptions, team?: FakeTeam): ModelState =>
    new GradientBoosting({ maxIter: 2, ...options })
      .fit(x, y, { seed: 5, team, sampleWeight, categorical: [1] })
      .toState();

  it.each<LearnerOptions>([
    {},
    { subsample: 0.6, maxFeatures: 0.5 },
    { maxLeafNodes: null, maxDepth: 7, minSamplesLeaf: 200 },
  ])('fits the same model to the bit whatever its size: %j', (options) => {
    const wanted = state(options);
    for (const size of [1, 2, 3, 5]) {
      const team = new FakeTeam(size, help);
      expect(state(options, team)).toEqual(wanted);
      expect(team.steps > 0).toBe(size > 1);
      expect(team.enlisted).toBe(0);
    }
  });

  it('lets the members go when the listener throws', () => {
    const team = new FakeTeam(3, help);
    const onProgress = (): void => {
      throw new Error('cancelled');
    };
    expect(() => new GradientBoosting().fit(x, y, { seed: 5, team, onProgress })).toThrow('cancelled');
    expect(team.steps).toBeGreaterThan(0);
    expect(team.enlisted).toBe(0);
  });

  it('leaves the team alone where there is little to do', () => {
    const few = learnable(300, 1);
    const team = new FakeTeam(2, help);
    new GradientBoosting({ maxIter: 5 }).fit(few.x, few.y, { seed: 5, team });
    expect(team.steps).toBe(0);
  });
});
