import { readFileSync } from 'node:fs';
import { type CalibrationMethod, calibrationMethods, fitCalibrator, loadCalibrator } from './calibration.js';
import { ModelStateError } from './learner.js';
import { brier, rocAuc } from './metrics.js';
import { Random } from './random.js';

const stored = JSON.parse(readFileSync(new URL('./fixtures/scikit-learn.json', import.meta.url), 'utf8'));
const y = Uint8Array.from(stored.y as number[]);
const p = Float64Array.from(stored.p as number[]);

/** Probabilities squeezed towards 0.5, as a forest's are: their log-odds are 0.4 of the true ones. */
function squeezed(rows: number): { y: Uint8Array; p: Float64Array } {
  const random = new Random(4);
  const scores = Float64Array.from({ length: rows }, () => 8 * random.float() - 4);
  return {
    y: Uint8Array.from(scores, (s) => (random.float() < 1 / (1 + Math.exp(-s)) ? 1 : 0)),
    p: scores.map((s) => 1 / (1 + Math.exp(-0.4 * s))),
  };
}

describe('Platt scaling', () => {
  it('finds the coefficients of the regularised likelihood', () => {
    const state = fitCalibrator('platt', p, y).toState();
    expect(state).toMatchObject({ method: 'platt' });
    if (state.method !== 'platt') return;
    expect(state.slope).toBeCloseTo(stored.platt.slope, 6);
    expect(state.intercept).toBeCloseTo(stored.platt.intercept, 6);
  });

  it('finds them with weights', () => {
    const state = fitCalibrator('platt', p, y, stored.weights).toState();
    if (state.method !== 'platt') throw new Error(state.method);
    expect(state.slope).toBeCloseTo(stored.platt.weightedSlope, 6);
    expect(state.intercept).toBeCloseTo(stored.platt.weightedIntercept, 6);
  });

  it('undoes a squeeze of the log-odds and keeps the ranking', () => {
    const data = squeezed(4000);
    const calibrated = fitCalibrator('platt', data.p, data.y).apply(data.p);
    const state = fitCalibrator('platt', data.p, data.y).toState();
    expect(state.method === 'platt' && state.slope).toBeCloseTo(2.5, 0);
    expect(brier(data.y, calibrated)!).toBeLessThan(brier(data.y, data.p)!);
    expect(rocAuc(data.y, calibrated)).toBeCloseTo(rocAuc(data.y, data.p)!, 12);
  });

  it('stays finite on perfectly separated rows', () => {
    const calibrator = fitCalibrator('platt', Float64Array.of(0, 0, 1, 1), Uint8Array.of(0, 0, 1, 1));
    // the targets are 1/4 and 3/4, and two points fit them exactly
    expect(calibrator.applyOne(0)).toBeCloseTo(0.25, 5);
    expect(calibrator.applyOne(1)).toBeCloseTo(0.75, 5);
  });
});

describe('isotonic regression', () => {
  it('gives scikit-learn’s thresholds and predictions', () => {
    const calibrator = fitCalibrator('isotonic', p, y);
    const state = calibrator.toState();
    if (state.method !== 'isotonic') throw new Error(state.method);
    expect(state.from).toEqual(stored.isotonic.from);
    state.to.forEach((value, i) => expect(value).toBeCloseTo(stored.isotonic.to[i], 12));
    const predicted = calibrator.apply(Float64Array.from(stored.isotonic.at as number[]));
    predicted.forEach((value, i) => expect(value).toBeCloseTo(stored.isotonic.predicted[i], 12));
  });

  it('gives scikit-learn’s values with weights', () => {
    const calibrator = fitCalibrator(
      'isotonic',
      Float64Array.of(0.2, 0.1, 0.4, 0.3, 0.7, 0.6, 0.9, 0.8, 0.9),
      Uint8Array.of(0, 0, 1, 0, 1, 0, 1, 1, 0),
      [1, 2, 1, 3, 1, 0.5, 2, 1, 1],
    );
    const predicted = calibrator.apply(Float64Array.of(0, 0.33, 0.62, 0.75, 1));
    const expected = [0, 0.2, 0.6933333333333334, 0.8, 0.8];
    predicted.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 12));
  });

  it('never falls', () => {
    const data = squeezed(500);
    const calibrator = fitCalibrator('isotonic', data.p, data.y);
    const along = calibrator.apply(Float64Array.from({ length: 200 }, (_, i) => i / 199));
    for (let i = 1; i < along.length; i++) expect(along[i]).toBeGreaterThanOrEqual(along[i - 1]);
  });
});

describe('a calibrator', () => {
  it.each(calibrationMethods)('survives JSON bit for bit: %s', (method: CalibrationMethod) => {
    const calibrator = fitCalibrator(method, p, y);
    const loaded = loadCalibrator(JSON.parse(JSON.stringify(calibrator.toState())));
    expect(loaded.method).toBe(method);
    const along = Float64Array.from({ length: 101 }, (_, i) => i / 100);
    expect(loaded.apply(along)).toEqual(calibrator.apply(along));
  });

  it('leaves probabilities alone when it is none', () => {
    expect(fitCalibrator('none', p, new Uint8Array(p.length)).apply(p)).toEqual(p);
  });

  it.each([
    null,
    {},
    { method: 'beta' },
    { method: 'platt', slope: 1 },
    { method: 'platt', slope: 1, intercept: null },
    { method: 'isotonic', from: [], to: [] },
    { method: 'isotonic', from: [0.1, 0.1], to: [0, 1] },
    { method: 'isotonic', from: [0.1, 0.2], to: [0.5, 0.4] },
    { method: 'isotonic', from: [0.1, 0.2], to: [0.5] },
    { method: 'isotonic', from: [0.1, 0.2], to: [0.5, 1.5] },
    { method: 'isotonic', from: [0.1, '0.2'], to: [0.5, 0.6] },
  ])('refuses a state it did not write: %j', (json) => {
    expect(() => loadCalibrator(json)).toThrow(ModelStateError);
  });

  it('refuses to be fitted on one class or on uneven rows', () => {
    expect(() => fitCalibrator('platt', p, new Uint8Array(p.length))).toThrow(RangeError);
    expect(() => fitCalibrator('isotonic', p, y.subarray(1))).toThrow(RangeError);
    expect(() => fitCalibrator('isotonic', p, y, [1, 2])).toThrow(RangeError);
  });
});
