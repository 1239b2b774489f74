import type { VerdictName } from '../../registry/bundle/scoring-model.js';
import { type VersionScores, reportOf } from './preview-report.js';

const verdictOf = (p: number): VerdictName => (p >= 0.9 ? 'malicious' : p >= 0.5 ? 'suspicious' : 'benign');

function scores(...probabilities: number[]): VersionScores {
  return { probabilities: Float64Array.from(probabilities), verdicts: probabilities.map(verdictOf) };
}

describe('how the scores of two versions differ', () => {
  const champion = scores(0.1, 0.2, 0.6, 0.95, 0.4);
  const previewed = scores(0.1, 0.7, 0.3, 0.85, 0.45);
  const slices = [
    { by: 'day', value: 'monday', places: [0, 1] },
    { by: 'day', value: 'tuesday', places: [2, 3, 4] },
  ];
  const report = reportOf({ champion, previewed }, slices, 2);

  it('is a matrix of verdicts, the champion’s first', () => {
    expect(report.records).toBe(5);
    expect(report.verdicts).toEqual({
      benign: { benign: 2, suspicious: 1, malicious: 0 },
      suspicious: { benign: 1, suspicious: 0, malicious: 0 },
      malicious: { benign: 0, suspicious: 1, malicious: 0 },
    });
  });

  it('has the shares that flip each way, of all records, with intervals', () => {
    const { changed, toThreat, toBenign } = report.flips;
    expect([changed.count, toThreat.count, toBenign.count]).toEqual([3, 1, 1]);
    expect([changed.share, toThreat.share]).toEqual([0.6, 0.2]);
    // Wilson's interval of 1 in 5.
    expect(toThreat.interval![0]).toBeCloseTo(0.0362, 4);
    expect(toThreat.interval![1]).toBeCloseTo(0.6245, 4);
  });

  it('has the same of each slice', () => {
    expect(report.slices.map(({ value, records, flips }) => [value, records, flips.toThreat.share])).toEqual([
      ['monday', 2, 0.5],
      ['tuesday', 3, 0],
    ]);
    expect(report.slices[0].meanChange).toBeCloseTo(0.25, 12);
    expect(report.slices[1].flips.toBenign.count).toBe(1);
  });

  it('has how far probabilities move, and where they move most', () => {
    expect(report.probability.mean).toBeCloseTo(0.03, 12);
    expect(report.probability.meanAbsolute).toBeCloseTo(0.19, 12);
    expect(report.probability.maxAbsolute).toBeCloseTo(0.5, 12);
    expect(report.mostChanged).toEqual([1, 2]);
  });

  it('has nothing to say of no records', () => {
    const empty = reportOf({ champion: scores(), previewed: scores() }, [], 10);
    expect(empty).toMatchObject({
      records: 0,
      flips: { changed: { count: 0, share: null, interval: null } },
      probability: { mean: null, meanAbsolute: null, maxAbsolute: null },
      mostChanged: [],
    });
  });
});
