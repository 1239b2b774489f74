import { Injectable } from '@nestjs/common';
import { ComputeService, type WorkContext } from '../../compute/compute.service.js';
import { allowedValues, type Contract, type GateMetric } from '../../detector/contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import type { PairedDifference } from '../../ml/bootstrap.js';
import type { Metrics } from '../../ml/metrics.js';
import type { ModelBundle } from '../../registry/bundle/bundle.js';
import type { Transformation } from '../../transformation/transform.task.js';
import type { ComparisonInput } from './compare.task.js';

const task = new URL('./compare.task.js', import.meta.url);

export interface GateCheck {
  readonly name: string;
  readonly passed: boolean;
  readonly message: string;
  readonly observed: number | null;
  readonly limit: number;
}

export interface GateReport {
  readonly passed: boolean;
  /** The champion it was compared with; null when there was none or it cannot be compared. */
  readonly champion: number | null;
  readonly checks: readonly GateCheck[];
  readonly comparison: PairedDifference | null;
}

/** The champion as the gate meets it. */
export interface Incumbent {
  readonly version: number;
  /** Null when it is damaged. */
  readonly bundle: ModelBundle | null;
}

/** Decides whether a new version may take the champion's place. */
@Injectable()
export class GateService {
  constructor(private readonly compute: ComputeService) {}

  async judge(
    contract: Contract,
    snapshot: Snapshot,
    transformation: Transformation,
    challenger: ModelBundle,
    champion: Incumbent | null,
    seed: number,
    context: WorkContext,
  ): Promise<GateReport> {
    const checks = limitChecks(contract, challenger.metrics.test);
    const { metric, margin } = contract.gate.comparison;
    let comparison: PairedDifference | null = null;
    if (champion?.bundle && sameHoldout(contract, champion.bundle.contract)) {
      const { groups } = transformation;
      const test = unseenBy(champion.bundle, snapshot, transformation);
      const input = { snapshot, test, groups, challenger, champion: champion.bundle, metric, seed };
      comparison = await this.compute.run<ComparisonInput, PairedDifference | null>(task, input, context);
      checks.push(comparisonCheck(metric, margin, champion.version, comparison));
    }
    return {
      passed: checks.every(({ passed }) => passed),
      champion: comparison && champion ? champion.version : null,
      checks,
      comparison,
    };
  }
}

/**
 * The champion's test rows are the challenger's only under the same features, groups and hold-out; under
 * others the champion may have learned from the rows it would be tested on, and only the limits decide.
 * A category is a place in the contract's list, so other lists make other rows.
 */
function sameHoldout(a: Contract, b: Contract): boolean {
  const key = ({ features, group, split }: Contract): string => {
    const columns = features.map((feature) => [
      feature.name,
      feature.type,
      feature.type === 'category' && allowedValues(feature),
    ]);
    return JSON.stringify([columns, group, split.test, split.seed, split.time]);
  };
  return key(a) === key(b);
}

/**
 * The test rows that the champion cannot have learned from. A hold-out by groups keeps every group on its side for
 * good; one by time moves on, and a group that was in the champion's training part may have got later rows since, so
 * only groups seen wholly from the champion's own cut on are left.
 */
function unseenBy(
  { testFrom }: ModelBundle,
  { times }: Snapshot,
  { test, groups }: Transformation,
): Int32Array {
  if (!times) return test;
  const known = new Set(groups.filter((_, row) => times[row] < (testFrom ?? Infinity)));
  return test.filter((row) => !known.has(groups[row]));
}

function limitChecks({ gate }: Contract, metrics: Metrics): GateCheck[] {
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

function comparisonCheck(
  metric: string,
  margin: number,
  version: number,
  compared: PairedDifference | null,
): GateCheck {
  const name = 'not-worse-than-champion';
  if (!compared) {
    const message = `${metric} has no value on the test rows, so version ${version} cannot be compared with`;
    return { name, passed: false, observed: null, limit: -margin, message };
  }
  const { difference, low, high } = compared;
  return {
    name,
    passed: low >= -margin,
    observed: low,
    limit: -margin,
    message:
      `${metric} against version ${version}: ${show(difference)} [${show(low)}, ${show(high)}]; ` +
      `the lower end may not fall below ${-margin}`,
  };
}

function show(value: number | null): string {
  return value === null ? 'has no value' : value.toFixed(4);
}
