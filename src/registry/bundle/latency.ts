import type { Matrix } from '../../ml/matrix.js';
import type { ScoringModel } from './scoring-model.js';

/** Rows scored one by one; the first of them, which the compiler has not seen yet, are not counted. */
const timed = 101;
const warmUp = 50;

/**
 * Median time of scoring one row alone by each model, in milliseconds, in this process. The models take turns, so that
 * what else the machine does meets all of them.
 * @param rows each a matrix of one row; taken again from the first when there are no more
 */
export function singleRowLatencies(
  models: readonly Pick<ScoringModel, 'score'>[],
  rows: readonly Matrix[],
): number[] {
  const times = models.map((): number[] => []);
  for (let i = 0; i < warmUp + timed; i++) {
    models.forEach((model, m) => {
      const start = performance.now();
      model.score(rows[i % rows.length]);
      times[m].push(performance.now() - start);
    });
  }
  return times.map((all) => all.slice(warmUp).sort((a, b) => a - b)[(timed - 1) / 2]);
}
