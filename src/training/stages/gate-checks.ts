import type { Contract, GateMetric } from '../../detector/contract.js';
import type { PairedDifference } from '../../ml/bootstrap.js';
import type { Metrics } from '../../ml/metrics.js';
import type { GateCheckDto as GateCheck } from '../../runs/evaluation.dto.js';
import type { SliceComparison } from './compare.task.js';

const notWorse = 'not-worse-than-champion';

/** The contract's minimums and maximums of metrics of the test part. */
export function limitChecks({ gate }: Contract, metrics: Metrics): GateCheck[] {
  const checks: GateCheck[] = [];
  for (const [name, limit] of Object.entries(gate.minimums)) {
    const observed = metrics[name as GateMetric];
    const passed = observed !== null && observed >= limit;
    checks.push({ name, passed, observed, limit, message: `${name} ${show(observed)}, at least ${limit}` });
  }
  for (const [name, limit] of Object.entries(gate.maximums)) {
    const observed = metrics[name as GateMetric];
    const passed = observed !== null && observed <= limit;
    checks.push({ name, passed, observed, limit, message: `${name} ${show(observed)}, at most ${limit}` });
  }
  return checks;
}

export function sizeCheck({ gate }: Contract, observed: number): GateCheck {
  const limit = gate.bundleBytes;
  const count = (bytes: number): string => bytes.toLocaleString('en-US');
  const message = `bundle of ${count(observed)} bytes, at most ${count(limit)}`;
  return { name: 'bundle-size', passed: observed <= limit, observed, limit, message };
}

/** @param observed median of scoring one row, milliseconds */
export function latencyCheck({ gate }: Contract, observed: number): GateCheck {
  const limit = gate.latencyMs;
  const message = `a row is scored in ${observed.toFixed(3)} ms (median), at most ${limit} ms`;
  return { name: 'single-row-latency', passed: observed <= limit, observed, limit, message };
}

export function comparisonCheck(
  { gate }: Contract,
  version: number,
  { difference, low, high }: PairedDifference,
): GateCheck {
  const { metric, margin } = gate.comparison;
  return {
    name: notWorse,
    passed: low >= -margin,
    observed: low,
    limit: -margin,
    message:
      `${metric} against version ${version}: ${show(difference)} [${show(low)}, ${show(high)}]; ` +
      `the lower end may not fall below ${-margin}`,
  };
}

/** @param reason why there is nothing to compare with */
export function refusedUncompared({ gate }: Contract, reason: string): GateCheck {
  const message = `not shown to be no worse than the champion: ${reason}. Promote it by hand, or let the contract say gate.whenNotComparable: limits`;
  return { name: notWorse, passed: false, observed: null, limit: -gate.comparison.margin, message };
}

/** A slice is too small for an interval that says something: the difference itself may not pass the margin. */
export function sliceCheck({ gate }: Contract, version: number, slice: SliceComparison): GateCheck {
  const { by, value, rows, metric, challenger, champion } = slice;
  const { margin } = gate.slices;
  const gain = challenger - champion;
  return {
    name: `slice ${by}=${value}`,
    passed: gain >= -margin,
    observed: gain,
    limit: -margin,
    message:
      `${metric} ${show(challenger)} on ${rows} rows with ${by} ${value}, version ${version} ${show(champion)}; ` +
      `it may not be worse by more than ${margin}`,
  };
}

function show(value: number | null): string {
  return value === null ? 'has no value' : value.toFixed(4);
}
