import { Injectable } from '@nestjs/common';
import { ComputeService, type WorkContext } from '../../compute/compute.service.js';
import type { Contract } from '../../detector/contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import type { PairedDifference } from '../../ml/bootstrap.js';
import type { ModelBundle } from '../../registry/bundle/bundle.js';
import type { GateReportDto as GateReport } from '../../runs/evaluation.dto.js';
import { sameHoldout, unseenBy } from '../../transformation/holdout.js';
import { slicesOf } from '../../transformation/slices.js';
import type { Transformation } from '../../transformation/transform.task.js';
import type { Comparison, ComparisonInput } from './compare.task.js';
import {
  comparisonCheck,
  latencyCheck,
  limitChecks,
  refusedUncompared,
  sizeCheck,
  sliceCheck,
} from './gate-checks.js';

const compareTask = new URL('./compare.task.js', import.meta.url);
const latencyTask = new URL('./latency.task.js', import.meta.url);

/** The champion as the gate meets it. */
export interface Incumbent {
  readonly version: number;
  /** Null when it is damaged. */
  readonly bundle: ModelBundle | null;
}

/** A new version before the gate, and what decides on it. */
export interface Trial {
  readonly contract: Contract;
  readonly snapshot: Snapshot;
  readonly transformation: Transformation;
  /** With the bytes of its file. */
  readonly challenger: { readonly bundle: ModelBundle; readonly size: number };
  readonly champion: Incumbent | null;
  readonly seed: number;
}

/** Decides whether a new version may take the champion's place. */
@Injectable()
export class GateService {
  constructor(private readonly compute: ComputeService) {}

  async decide(trial: Trial, context: WorkContext): Promise<GateReport> {
    const { contract, challenger, champion } = trial;
    const { bundle, size } = challenger;
    const latency = await this.compute.run<{ bundle: ModelBundle }, number>(latencyTask, { bundle }, context);
    const checks = [
      ...limitChecks(contract, bundle.metrics.test),
      latencyCheck(contract, latency),
      sizeCheck(contract, size),
    ];
    let notCompared = obstacle(contract, champion);
    let comparison: PairedDifference | null = null;
    if (champion?.bundle && notCompared === null) {
      const { overall, slices } = await this.compare(trial, champion.bundle, context);
      comparison = overall;
      if (overall) checks.push(comparisonCheck(contract, champion.version, overall));
      else notCompared = withoutValue(contract, champion);
      checks.push(...slices.map((slice) => sliceCheck(contract, champion.version, slice)));
    }
    if (champion && notCompared !== null) {
      if (contract.gate.whenNotComparable === 'refuse') checks.push(refusedUncompared(contract, notCompared));
      else notCompared += '; the contract lets the other checks decide (gate.whenNotComparable: limits)';
    }
    return {
      passed: checks.every(({ passed }) => passed),
      champion: comparison && champion ? champion.version : null,
      checks,
      comparison,
      notCompared,
    };
  }

  private compare(
    { contract, snapshot, transformation, challenger, seed }: Trial,
    champion: ModelBundle,
    context: WorkContext,
  ): Promise<Comparison> {
    const { x, y } = snapshot;
    const test = unseenBy(champion, snapshot, transformation);
    const input: ComparisonInput = {
      snapshot: { x, y },
      test,
      groups: transformation.groups,
      slices: slicesOf(contract, snapshot, test),
      challenger: challenger.bundle,
      champion,
      metric: contract.gate.comparison.metric,
      seed,
    };
    return this.compute.run<ComparisonInput, Comparison>(compareTask, input, context);
  }
}

/** Why a champion cannot be compared with; null when it can. */
function obstacle(contract: Contract, champion: Incumbent | null): string | null {
  if (!champion) return 'there is no champion';
  const { version, bundle } = champion;
  if (!bundle) return `version ${version}, the champion, is damaged`;
  if (sameHoldout(contract, bundle.contract)) return null;
  return `version ${version}, the champion, was made under other features, groups or hold-out: it may know the test rows`;
}

function withoutValue({ gate }: Contract, { version }: Incumbent): string {
  return `${gate.comparison.metric} has no value on the test rows that version ${version}, the champion, cannot have learned from`;
}
