import { tinyBundle, tinyLabels, tinyRows } from '../../registry/bundle/fixtures/tiny-bundle.js';
import compare from './compare.task.js';
import latency from './latency.task.js';

const work = { onProgress: () => undefined };
const snapshot = { x: tinyRows, y: tinyLabels };

describe('the comparison by slices', () => {
  const good = tinyBundle();
  // The same model with its probabilities turned round: right where the other is wrong.
  const turned = { ...good, calibrator: { method: 'platt', slope: -1, intercept: 0 } as const };
  const all = Int32Array.from(tinyLabels.keys());
  const threats = all.filter((row) => tinyLabels[row] === 1);
  const half = all.filter((row) => row % 2 === 0);

  it('measures both models on the rows of each, by accuracy where there is one class only', () => {
    const slices = [
      { by: 'source', value: 'half', rows: half },
      { by: 'source', value: 'threats', rows: threats },
    ];
    const { slices: compared } = compare(
      {
        snapshot,
        test: all,
        groups: all,
        slices,
        challenger: good,
        champion: turned,
        metric: 'rocAuc',
        seed: 1,
      },
      work,
    );
    expect(compared.map(({ value, rows, metric }) => [value, rows, metric])).toEqual([
      ['half', 18, 'rocAuc'],
      ['threats', threats.length, 'accuracy'],
    ]);
    expect(compared[0].challenger).toBeGreaterThan(0.9);
    expect(compared[0].challenger + compared[0].champion).toBeCloseTo(1, 10);
    expect(compared[1].challenger).toBeGreaterThan(compared[1].champion);
  });

  it('takes the median time of one row, which is not none', () => {
    const milliseconds = latency({ bundle: good }, work);
    expect(milliseconds).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThan(50);
  });
});
