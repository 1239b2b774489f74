import type { Contract } from '../../detector/contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import { tinyContract, tinySource } from '../../detector/fixtures/tiny-contract.js';
import { createLearner } from '../../ml/factory.js';
import { Matrix } from '../../ml/matrix.js';
import { evaluate, metricNames } from '../../ml/metrics.js';
import { Random } from '../../ml/random.js';
import { fitPreprocessor } from '../../transformation/preprocessor.js';
import { measuredPlaces } from '../../transformation/split-snapshot.js';
import transform from '../../transformation/transform.task.js';
import { featureSpecs } from '../../detector/feature-specs.js';
import evaluateWinner, { type Evaluation, type EvaluationInput } from './evaluate.task.js';

/** 900 rows: duration tells most, having_IP a little, protocol nothing. */
function snapshotOf(): Snapshot {
  const random = new Random(5);
  const rows = Array.from({ length: 900 }, () => [random.below(3) - 1, random.below(100), random.below(3)]);
  const y = Uint8Array.from(rows, ([ip, duration]) => (duration + 8 * ip + 60 * random.float() > 80 ? 1 : 0));
  return {
    detector: 'tiny',
    x: Matrix.fromRows(rows),
    y,
    times: Float64Array.from(rows, (_, i) => 1000 + i),
    fingerprint: '',
  };
}

/** What the stages before leave, with a real model and real out-of-fold predictions of the logistic candidate. */
function inputOf(contract: Contract = tinyContract(), changes: Partial<Snapshot> = {}): EvaluationInput {
  const snapshot = { ...snapshotOf(), ...changes };
  const { learner, options, imputer, encoder } = contract.candidates[1];
  const transformation = transform({ contract, snapshot, candidates: ['logistic'], seed: 1 }, quiet);
  const { train, folds, fitPlaces } = transformation;
  const fitOn = (rows: Int32Array) => {
    const x = snapshot.x.take(rows);
    const preprocessor = fitPreprocessor(featureSpecs(contract), x, { imputer, encoder, seed: 1 });
    const y = Uint8Array.from(rows, (i) => snapshot.y[i]);
    const model = createLearner(learner, options).fit(preprocessor.transform(x), y, { seed: 1 });
    return { preprocessor, model };
  };
  const outOfFold = new Float64Array(train.length).fill(2); // no probability: must not be looked at unless measured
  folds.forEach((places, fold) => {
    const others = folds.flatMap((part, other) => (other === fold ? [] : [...part]));
    const { preprocessor, model } = fitOn(
      Int32Array.from(fitPlaces?.[fold] ?? others, (place) => train[place]),
    );
    const p = model.predict(preprocessor.transform(snapshot.x.take(places.map((place) => train[place]))));
    places.forEach((place, i) => (outOfFold[place] = p[i]));
  });
  const { preprocessor, model } = fitOn(train);
  return {
    contract,
    snapshot,
    transformation,
    preprocessor: preprocessor.toState(),
    model: model.toState(),
    outOfFold,
    seed: 1,
  };
}

const quiet = { onProgress: (): void => undefined };

describe('the evaluation', () => {
  const input = inputOf();
  const reported: number[] = [];
  let evaluation: Evaluation;

  beforeAll(() => {
    evaluation = evaluateWinner(input, { onProgress: (done, total) => reported.push(done / total) });
  });

  it('counts what the test part has from malicious on beside the metrics from suspicious on', () => {
    const { metrics, confusions } = evaluation.test;
    const { tp, fp, tn, fn } = confusions!.malicious;
    expect(tp + fp + tn + fn).toBe(metrics.rows);
    expect([tp + fn, fp + tn]).toEqual([
      metrics.confusion.tp + metrics.confusion.fn,
      metrics.confusion.fp + metrics.confusion.tn,
    ]);
    expect(tp).toBeLessThanOrEqual(metrics.confusion.tp);
    expect(fp).toBeLessThanOrEqual(metrics.confusion.fp);
  });

  it('measures the test part and the training part, out of fold, with an interval of each figure', () => {
    const { train, test } = input.transformation;
    expect([evaluation.validation.metrics.rows, evaluation.test.metrics.rows]).toEqual([
      train.length,
      test.length,
    ]);
    for (const part of [evaluation.validation, evaluation.test]) {
      const { metrics, intervals } = part;
      for (const name of [...metricNames, 'tp', 'fp', 'tn', 'fn'] as const) {
        const value = { ...metrics, ...metrics.confusion }[name]!;
        const [low, high] = intervals[name]!;
        expect(low).toBeLessThanOrEqual(high);
        // An error of calibration grows in resamples, as any binned distance does.
        if (name !== 'calibrationError') expect([low <= value, value <= high]).toEqual([true, true]);
      }
    }
  });

  it('leaves curves with bands, a bounded number of points each', () => {
    const { roc, precisionRecall, reliability } = evaluation.curves;
    for (const curve of [roc, precisionRecall]) {
      expect(curve.length).toBeGreaterThan(50);
      expect(curve.length).toBeLessThanOrEqual(100);
    }
    const middle = roc.find((point) => point.truePositiveRate > 0.4)!;
    expect(middle.band.truePositiveRate![0]).toBeLessThan(middle.truePositiveRate);
    expect(middle.band.truePositiveRate![1]).toBeGreaterThan(middle.truePositiveRate);
    expect(reliability.reduce((sum, { rows }) => sum + rows, 0)).toBe(evaluation.test.metrics.rows);
    expect(JSON.stringify(evaluation.curves).length).toBeLessThan(60_000);
  });

  it('ranks the features by what the selection metric loses without them', () => {
    expect(evaluation.importance.map(({ feature }) => feature)).toEqual([
      'duration',
      'having_IP',
      'protocol',
    ]);
    const [duration, , protocol] = evaluation.importance;
    expect(duration.mean).toBeGreaterThan(0.2);
    expect(duration.std).toBeGreaterThan(0);
    expect(Math.abs(protocol.mean)).toBeLessThan(0.02);
  });

  it('tells how far it is, and ends the same every time', () => {
    expect(reported).toEqual([...reported].sort((a, b) => a - b));
    expect(reported.at(-1)).toBe(1);
    expect(evaluateWinner(inputOf(), quiet)).toEqual(evaluation);
  });

  it('chooses thresholds and calibration without looking at the test part', () => {
    const { test } = input.transformation;
    const y = input.snapshot.y.slice();
    test.forEach((i) => (y[i] = 1 - y[i]));
    const turned = evaluateWinner({ ...input, snapshot: { ...input.snapshot, y } }, quiet);
    expect(turned.test.metrics.rocAuc).toBeCloseTo(1 - evaluation.test.metrics.rocAuc!, 10);
    for (const part of ['thresholds', 'policies', 'calibrator', 'validation'] as const)
      expect(turned[part]).toEqual(evaluation[part]);
  });
});

describe('the evaluation of a split by time', () => {
  const contract = tinyContract({ split: { ...tinySource.split, time: 'seen_at' } });

  it('validates on the rows that a fold measured alone', () => {
    // Each row a group of its own, so that the cut falls where the share says.
    const rows = snapshotOf();
    const x = new Matrix(900, 3, rows.x.data.slice());
    x.column(1).forEach((duration, i, column) => (column[i] = duration + i / 1000));
    const input = inputOf(contract, { x });
    const { train, test } = input.transformation;
    const measured = measuredPlaces(input.transformation);
    expect(measured.length).toBeLessThan(train.length);
    expect(input.outOfFold.filter((p) => p === 2)).toHaveLength(train.length - measured.length);

    const { validation, test: tested, thresholds } = evaluateWinner(input, quiet);
    expect([validation.metrics.rows, tested.metrics.rows]).toEqual([measured.length, test.length]);
    const y = Uint8Array.from(measured, (place) => rows.y[train[place]]);
    const p = Float64Array.from(measured, (place) => input.outOfFold[place]);
    // Calibration keeps the ranking, but for what crosses the folds' own curves.
    expect(validation.metrics.rocAuc).toBeCloseTo(evaluate(y, p, 0.5).rocAuc!, 1);
    expect(thresholds.suspicious).toBeLessThan(1);
  });
});
