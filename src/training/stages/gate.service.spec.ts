import type { ComputeService, WorkContext } from '../../compute/compute.service.js';
import { tinyContract, tinySource } from '../../detector/fixtures/tiny-contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import type { PairedDifference } from '../../ml/bootstrap.js';
import type { Metrics } from '../../ml/metrics.js';
import type { ModelBundle } from '../../registry/bundle/bundle.js';
import { tinyBundle, tinyLabels, tinyRows } from '../../registry/bundle/fixtures/tiny-bundle.js';
import type { Transformation } from '../../transformation/transform.task.js';
import compare, { type ComparisonInput } from './compare.task.js';
import { type GateReport, GateService, type Incumbent } from './gate.service.js';

const contract = tinyContract(); // rocAuc at least 0.9, false-positive rate at most 0.1, margin 0.01
const context: WorkContext = { signal: new AbortController().signal, onProgress: () => undefined };
const snapshot: Snapshot = { detector: 'tiny', x: tinyRows, y: tinyLabels, fingerprint: '' };
const transformation = {
  test: Int32Array.from(tinyLabels.keys()),
  groups: Int32Array.from(tinyLabels.keys()),
} as unknown as Transformation;

/** Answers what it is told to, or does the work itself. */
class FakeCompute {
  readonly inputs: ComparisonInput[] = [];
  constructor(private readonly answer?: PairedDifference | null) {}

  run(_: URL, input: ComparisonInput): Promise<PairedDifference | null> {
    this.inputs.push(input);
    return Promise.resolve(this.answer === undefined ? compare(input, context) : this.answer);
  }
}

function bundleWith(test: Partial<Metrics>, of = contract): ModelBundle {
  const metrics = { rocAuc: 0.95, falsePositiveRate: 0.05, ...test } as Metrics;
  return { contract: of, metrics: { validation: metrics, test: metrics } } as ModelBundle;
}

function judge(
  challenger: ModelBundle,
  champion: Incumbent | null,
  compute = new FakeCompute(),
): Promise<GateReport> {
  const gate = new GateService(compute as unknown as ComputeService);
  return gate.judge(contract, snapshot, transformation, challenger, champion, 7, context);
}

describe('the gate', () => {
  it('lets the first version pass that keeps to the limits', async () => {
    expect(await judge(bundleWith({}), null)).toEqual({
      passed: true,
      champion: null,
      checks: [
        { name: 'rocAuc', passed: true, observed: 0.95, limit: 0.9, message: 'rocAuc 0.9500, at least 0.9' },
        {
          name: 'falsePositiveRate',
          passed: true,
          observed: 0.05,
          limit: 0.1,
          message: 'falsePositiveRate 0.0500, at most 0.1',
        },
      ],
      comparison: null,
    });
  });

  it.each([
    ['at both limits', { rocAuc: 0.9, falsePositiveRate: 0.1 }, [true, true]],
    ['below a minimum', { rocAuc: 0.8999 }, [false, true]],
    ['above a maximum', { falsePositiveRate: 0.1001 }, [true, false]],
    ['without a value', { rocAuc: null, falsePositiveRate: null }, [false, false]],
  ])('judges a version %s', async (_, metrics, expected) => {
    const { passed, checks } = await judge(bundleWith(metrics), null);
    expect([passed, checks.map((check) => check.passed)]).toEqual([!expected.includes(false), expected]);
  });

  it.each([
    [{ difference: 0.02, low: 0.001, high: 0.04 }, true],
    [{ difference: 0, low: -0.01, high: 0.01 }, true],
    [{ difference: 0.05, low: -0.0101, high: 0.1 }, false],
    [{ difference: -0.3, low: -0.4, high: -0.2 }, false],
  ])('compares with the champion by the lower end of the interval: %j', async (answer, passes) => {
    const compute = new FakeCompute(answer);
    const champion = { version: 4, bundle: bundleWith({}) };
    const report = await judge(bundleWith({}), champion, compute);
    expect(report).toMatchObject({ passed: passes, champion: 4, comparison: answer });
    expect(report.checks.at(-1)).toMatchObject({
      name: 'not-worse-than-champion',
      observed: answer.low,
      limit: -0.01,
    });
    expect(compute.inputs[0]).toMatchObject({ metric: 'rocAuc', seed: 7, test: transformation.test });
  });

  it('says what the comparison was', async () => {
    const compute = new FakeCompute({ difference: -0.02, low: -0.03, high: -0.01 });
    const { checks } = await judge(bundleWith({}), { version: 4, bundle: bundleWith({}) }, compute);
    expect(checks.at(-1)!.message).toBe(
      'rocAuc against version 4: -0.0200 [-0.0300, -0.0100]; the lower end may not fall below -0.01',
    );
  });

  it('lets nothing pass that it cannot compare', async () => {
    const champion = { version: 4, bundle: bundleWith({}) };
    const { passed, checks } = await judge(bundleWith({}), champion, new FakeCompute(null));
    expect([passed, checks.at(-1)!.observed]).toEqual([false, null]);
    expect(checks.at(-1)!.message).toBe(
      'rocAuc has no value on the test rows, so version 4 cannot be compared with',
    );
  });

  it('judges by the limits alone where the champion is damaged', async () => {
    const compute = new FakeCompute();
    const report = await judge(bundleWith({}), { version: 4, bundle: null }, compute);
    expect([report.passed, report.champion, report.checks.length, compute.inputs]).toEqual([
      true,
      null,
      2,
      [],
    ]);
  });

  const [ip, duration, protocol] = tinySource.features;
  it.each([
    ['another hold-out', { split: { ...tinySource.split, test: 0.3 } }],
    ['another seed of the split', { split: { ...tinySource.split, seed: 2 } }],
    ['other groups', { group: ['duration'] }],
    ['a split by time', { split: { ...tinySource.split, time: 'seen_at' } }],
    ['fewer features', { features: [ip, duration] }],
    ['features in another order', { features: [duration, ip, protocol] }],
    [
      'categories in another order',
      { features: [ip, duration, { ...protocol, values: { udp: 'u', tcp: 't', icmp: 'i' } }] },
    ],
  ])('does not compare with a champion of %s, which may know the test rows', async (_, changes) => {
    const compute = new FakeCompute();
    const other = tinyContract(changes);
    const report = await judge(bundleWith({}), { version: 4, bundle: bundleWith({}, other) }, compute);
    expect([report.passed, report.champion, compute.inputs]).toEqual([true, null, []]);
  });

  it('does compare with a champion whose contract differs in what does not touch the test rows', async () => {
    const other = tinyContract({
      title: 'Another title',
      split: { ...tinySource.split, folds: 5 },
      features: [{ ...ip, meaning: 'the host' }, duration, protocol],
    });
    const compute = new FakeCompute({ difference: 0, low: 0, high: 0 });
    expect(
      (await judge(bundleWith({}), { version: 4, bundle: bundleWith({}, other) }, compute)).champion,
    ).toBe(4);
  });

  it('finds a real model as good as itself, and better than one that learned nothing of use', async () => {
    const good = tinyBundle();
    const same = await judge(good, { version: 1, bundle: good });
    expect(same).toMatchObject({ passed: true, comparison: { difference: 0, low: 0, high: 0 } });
    const { slope, intercept } = { slope: -1, intercept: 0 };
    const poor = { ...good, calibrator: { method: 'platt', slope, intercept } as const };
    expect((await judge(good, { version: 1, bundle: poor })).comparison!.low).toBeGreaterThan(0.5);
    const worse = await judge(poor, { version: 1, bundle: good });
    expect([worse.passed, worse.comparison!.high < -0.5]).toEqual([false, true]);
  });

  it('compares, where the split is by time, on groups seen from the champion’s own cut on alone', async () => {
    const of = tinyContract({ split: { ...tinySource.split, time: 'seen_at' } });
    const compute = new FakeCompute({ difference: 0, low: 0, high: 0 });
    const gate = new GateService(compute as unknown as ComputeService);
    // Rows 4 to 7 test; group 2 has a row at time 15, before the champion's cut.
    const input = {
      test: Int32Array.of(4, 5, 6, 7),
      groups: Int32Array.of(0, 0, 1, 1, 2, 2, 3, 4),
    } as unknown as Transformation;
    const timed = { ...snapshot, times: Float64Array.of(1, 2, 3, 4, 15, 30, 20, 25) };
    const judged = (testFrom?: number): Promise<GateReport> =>
      gate.judge(
        of,
        timed,
        input,
        bundleWith({}, of),
        { version: 4, bundle: { ...bundleWith({}, of), ...(testFrom !== undefined && { testFrom }) } },
        7,
        context,
      );
    await judged(20);
    await judged(10);
    await judged();
    expect(compute.inputs.map(({ test }) => [...test])).toEqual([[6, 7], [4, 5, 6, 7], []]);
  });
});
