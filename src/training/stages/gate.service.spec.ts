import type { ComputeService, WorkContext } from '../../compute/compute.service.js';
import { tinyContract, tinySource } from '../../detector/fixtures/tiny-contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import type { PairedDifference } from '../../ml/bootstrap.js';
import type { Metrics } from '../../ml/metrics.js';
import type { ModelBundle } from '../../registry/bundle/bundle.js';
import { tinyBundle, tinyLabels, tinyRows } from '../../registry/bundle/fixtures/tiny-bundle.js';
import type { Transformation } from '../../transformation/transform.task.js';
import compare, { type Comparison, type ComparisonInput } from './compare.task.js';
import type { GateReportDto as GateReport } from '../../runs/evaluation.dto.js';
import { GateService, type Incumbent, type Trial } from './gate.service.js';

const contract = tinyContract(); // rocAuc at least 0.9, false-positive rate at most 0.1, margin 0.01
const context: WorkContext = { signal: new AbortController().signal, onProgress: () => undefined };
const snapshot: Snapshot = { detector: 'tiny', x: tinyRows, y: tinyLabels, fingerprint: '' };
const transformation = {
  test: Int32Array.from(tinyLabels.keys()),
  groups: Int32Array.from(tinyLabels.keys()),
} as unknown as Transformation;

/** Takes 0.25 ms a row; compares as it is told to, or does the work itself. */
class FakeCompute {
  readonly inputs: ComparisonInput[] = [];
  constructor(
    private readonly overall?: PairedDifference | null,
    private readonly slices: Comparison['slices'] = [],
  ) {}

  run(task: URL, input: ComparisonInput): Promise<Comparison | number> {
    if (task.href.includes('latency')) return Promise.resolve(0.25);
    this.inputs.push(input);
    const { overall, slices } = this;
    return Promise.resolve(overall === undefined ? compare(input, context) : { overall, slices });
  }
}

function bundleWith(test: Partial<Metrics>, of = contract): ModelBundle {
  const metrics = { rocAuc: 0.95, falsePositiveRate: 0.05, ...test } as Metrics;
  return { contract: of, metrics: { validation: metrics, test: metrics } } as ModelBundle;
}

function decide(
  challenger: ModelBundle,
  champion: Incumbent | null,
  compute = new FakeCompute(),
): Promise<GateReport> {
  return decideOnTrial({ challenger: { bundle: challenger, size: 1000 }, champion }, compute);
}

function decideOnTrial(changes: Partial<Trial>, compute: FakeCompute): Promise<GateReport> {
  const trial = { contract, snapshot, transformation, champion: null, seed: 7, ...changes } as Trial;
  return new GateService(compute as unknown as ComputeService).decide(trial, context);
}

describe('the gate', () => {
  it('lets the first version pass that keeps to the limits', async () => {
    expect(await decide(bundleWith({}), null)).toEqual({
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
        {
          name: 'single-row-latency',
          passed: true,
          observed: 0.25,
          limit: 50,
          message: 'a row is scored in 0.250 ms (median), at most 50 ms',
        },
        {
          name: 'bundle-size',
          passed: true,
          observed: 1000,
          limit: 268_435_456,
          message: 'bundle of 1,000 bytes, at most 268,435,456',
        },
      ],
      comparison: null,
      notCompared: 'there is no champion',
    });
  });

  it.each([
    ['at both limits', { rocAuc: 0.9, falsePositiveRate: 0.1 }, [true, true]],
    ['below a minimum', { rocAuc: 0.8999 }, [false, true]],
    ['above a maximum', { falsePositiveRate: 0.1001 }, [true, false]],
    ['without a value', { rocAuc: null, falsePositiveRate: null }, [false, false]],
  ])('decides on a version %s', async (_, metrics, expected) => {
    const { passed, checks } = await decide(bundleWith(metrics), null);
    const limits = checks.slice(0, 2).map((check) => check.passed);
    expect([passed, limits]).toEqual([!expected.includes(false), expected]);
  });

  it.each([
    ['single-row-latency', { latencyMs: 0.25, bundleBytes: 1000 }, true],
    ['single-row-latency', { latencyMs: 0.2 }, false],
    ['bundle-size', { latencyMs: 0.25, bundleBytes: 1000 }, true],
    ['bundle-size', { bundleBytes: 999 }, false],
  ])('holds a version to the limit of its %s: %j', async (name, limits, passes) => {
    const limited = tinyContract({ gate: { ...tinySource.gate, ...limits } });
    const challenger = { bundle: bundleWith({}), size: 1000 };
    const { passed, checks } = await decideOnTrial({ contract: limited, challenger }, new FakeCompute());
    expect(passed).toBe(passes);
    expect(checks.find((check) => check.name === name)!.passed).toBe(passes);
  });

  it.each([
    [0.92, true],
    [0.889, false],
  ])(
    'does not let a version of %d on a slice take the place of one of 0.92 there: %s',
    async (auc, passes) => {
      const slice = { by: 'source', value: 'feed.csv', rows: 210, metric: 'rocAuc', champion: 0.92 } as const;
      const compute = new FakeCompute({ difference: 0, low: 0, high: 0 }, [{ ...slice, challenger: auc }]);
      const { passed, checks } = await decide(
        bundleWith({}),
        { version: 4, bundle: bundleWith({}) },
        compute,
      );
      expect(passed).toBe(passes);
      expect(checks.at(-1)).toMatchObject({ name: 'slice source=feed.csv', passed: passes, limit: -0.03 });
      expect(checks.at(-1)!.message).toBe(
        `rocAuc ${auc.toFixed(4)} on 210 rows with source feed.csv, version 4 0.9200; it may not be worse by more than 0.03`,
      );
    },
  );

  it.each([
    [{ difference: 0.02, low: 0.001, high: 0.04 }, true],
    [{ difference: 0, low: -0.01, high: 0.01 }, true],
    [{ difference: 0.05, low: -0.0101, high: 0.1 }, false],
    [{ difference: -0.3, low: -0.4, high: -0.2 }, false],
  ])('compares with the champion by the lower end of the interval: %j', async (answer, passes) => {
    const compute = new FakeCompute(answer);
    const champion = { version: 4, bundle: bundleWith({}) };
    const report = await decide(bundleWith({}), champion, compute);
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
    const { checks } = await decide(bundleWith({}), { version: 4, bundle: bundleWith({}) }, compute);
    expect(checks.at(-1)!.message).toBe(
      'rocAuc against version 4: -0.0200 [-0.0300, -0.0100]; the lower end may not fall below -0.01',
    );
  });

  const byLimits = tinyContract({ gate: { ...tinySource.gate, whenNotComparable: 'limits' } });
  const withoutChampion = 'Promote it by hand, or let the contract say gate.whenNotComparable: limits';

  it.each([
    ['is damaged', { version: 4, bundle: null }, 'version 4, the champion, is damaged'],
    [
      'knows every test row that would give the metric a value',
      { version: 4, bundle: bundleWith({}) },
      'rocAuc has no value on the test rows that version 4, the champion, cannot have learned from',
    ],
  ])('keeps a champion that %s, unless the contract lets the limits decide', async (_, champion, reason) => {
    const challenger = { bundle: bundleWith({}), size: 1000 };
    const kept = await decideOnTrial({ challenger, champion }, new FakeCompute(null));
    expect(kept).toMatchObject({ passed: false, champion: null, comparison: null, notCompared: reason });
    expect(kept.checks.at(-1)).toEqual({
      name: 'not-worse-than-champion',
      passed: false,
      observed: null,
      limit: -0.01,
      message: `not shown to be no worse than the champion: ${reason}. ${withoutChampion}`,
    });

    const trial = { contract: byLimits, challenger, champion };
    const replaced = await decideOnTrial(trial, new FakeCompute(null));
    expect([replaced.passed, replaced.champion, replaced.checks.length]).toEqual([true, null, 4]);
    expect(replaced.notCompared).toBe(
      `${reason}; the contract lets the other checks decide (gate.whenNotComparable: limits)`,
    );
    const poor = { bundle: bundleWith({ rocAuc: 0.8 }), size: 1000 };
    expect((await decideOnTrial({ ...trial, challenger: poor }, new FakeCompute(null))).passed).toBe(false);
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
    const report = await decide(bundleWith({}), { version: 4, bundle: bundleWith({}, other) }, compute);
    expect([report.passed, report.champion, compute.inputs]).toEqual([false, null, []]);
    expect(report.notCompared).toMatch(/other features, groups or hold-out: it may know the test rows/);
  });

  it('does compare with a champion whose contract differs in what does not touch the test rows', async () => {
    const other = tinyContract({
      title: 'Another title',
      split: { ...tinySource.split, folds: 5 },
      features: [{ ...ip, meaning: 'the host' }, duration, protocol],
    });
    const compute = new FakeCompute({ difference: 0, low: 0, high: 0 });
    expect(
      (await decide(bundleWith({}), { version: 4, bundle: bundleWith({}, other) }, compute)).champion,
    ).toBe(4);
  });

  it('finds a real model as good as itself, and better than one that learned nothing of use', async () => {
    const good = tinyBundle();
    const same = await decide(good, { version: 1, bundle: good });
    expect(same).toMatchObject({ passed: true, comparison: { difference: 0, low: 0, high: 0 } });
    const { slope, intercept } = { slope: -1, intercept: 0 };
    const poor = { ...good, calibrator: { method: 'platt', slope, intercept } as const };
    expect((await decide(good, { version: 1, bundle: poor })).comparison!.low).toBeGreaterThan(0.5);
    const worse = await decide(poor, { version: 1, bundle: good });
    expect([worse.passed, worse.comparison!.high < -0.5]).toEqual([false, true]);
  });

  it('compares, where the split is by time, on groups seen from the champion’s own cut on alone', async () => {
    const of = tinyContract({ split: { ...tinySource.split, time: 'seen_at' } });
    const compute = new FakeCompute({ difference: 0, low: 0, high: 0 });
    // Rows 4 to 7 test; group 2 has a row at time 15, before the champion's cut.
    const input = {
      test: Int32Array.of(4, 5, 6, 7),
      groups: Int32Array.of(0, 0, 1, 1, 2, 2, 3, 4),
    } as unknown as Transformation;
    const timed = { ...snapshot, times: Float64Array.of(1, 2, 3, 4, 15, 30, 20, 25) };
    const bundle = bundleWith({}, of);
    const limited = (testFrom?: number): Promise<GateReport> =>
      decideOnTrial(
        {
          contract: of,
          snapshot: timed,
          transformation: input,
          challenger: { bundle, size: 1 },
          champion: { version: 4, bundle: { ...bundle, ...(testFrom !== undefined && { testFrom }) } },
        },
        compute,
      );
    await limited(20);
    await limited(10);
    await limited();
    expect(compute.inputs.map(({ test }) => [...test])).toEqual([[6, 7], [4, 5, 6, 7], []]);
  });
});
