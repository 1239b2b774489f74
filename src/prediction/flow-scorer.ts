import { setImmediate as nextTurn } from 'node:timers/promises';
import { featurizeFlow, flowFeatures } from '../detector/flow/flow-features.js';
import { FlowWindow } from '../detector/flow/flow-window.js';
import type { Flow } from '../detector/flow/flow.js';
import { HostEvidence } from '../detector/flow/host-evidence.js';
import type { HostFinding } from '../detector/flow/host-finding.js';
import { recordFields } from '../detector/flow/record-fields.js';
import { Matrix } from '../ml/matrix.js';
import { type VerdictName, verdicts } from '../registry/bundle/scoring-model.js';
import type { LoadedVersion } from './loaded-version.js';
import type { ReasonDto, ScoredByDto } from './prediction.dto.js';
import { reasonsOf } from './reasons.js';

export interface FlowVerdict {
  readonly flow: Flow;
  readonly verdict: VerdictName;
  /** Calibrated probability of threat. */
  readonly probability: number;
  /** Of verdicts that are explained, the strongest first; empty for the others. */
  readonly reasons: readonly ReasonDto[];
  /** Whether it was judged by what its source did before as well. */
  readonly context: boolean;
  readonly model: ScoredByDto;
}

export interface FlowScorerOptions {
  /** A flow that comes by itself: there is nothing that it could be compared with. */
  readonly alone?: boolean;
  /** The mildest verdict that comes with its reasons, which cost far more than it; `suspicious` when absent. */
  readonly explain?: VerdictName | 'none';
}

/** Scores the flows of one log or request: those that came before are the context of those that come. */
export class FlowScorer {
  private readonly window: FlowWindow | null;
  private readonly evidence = new HostEvidence();
  private readonly explained: ReadonlySet<VerdictName>;
  private fresh = new Map<string, HostFinding>();

  /** @param champion asked at each call, so that a log that goes on for days gets new versions */
  constructor(
    private readonly champion: () => LoadedVersion,
    { alone = false, explain = 'suspicious' }: FlowScorerOptions = {},
  ) {
    this.window = alone ? null : new FlowWindow();
    this.explained = new Set(explain === 'none' ? [] : verdicts.slice(verdicts.indexOf(explain)));
  }

  /**
   * One verdict a flow, in order. Flows are taken about in the order in which they were over.
   * @throws ModelUnavailableError
   */
  async score(flows: readonly Flow[]): Promise<FlowVerdict[]> {
    if (flows.length === 0) return [];
    const version = this.champion();
    const { x, context } = this.featurize(flows);
    const { detector } = version.contract;
    const { version: number, createdAt: trainedAt } = version.row;
    const model: ScoredByDto = { detector, version: number, trainedAt, servedBy: 'champion' };
    const scored: FlowVerdict[] = [];
    for (const [i, probability] of version.model.score(x).entries()) {
      const verdict = version.model.verdictOf(probability);
      const isExplained = this.explained.has(verdict);
      // Explaining a row of a large forest takes milliseconds; others get their turn in between.
      if (isExplained && i > 0) await nextTurn();
      const reasons = isExplained ? explain(version, flows[i], x.row(i)) : [];
      scored.push({
        flow: flows[i],
        verdict,
        probability,
        reasons,
        context: context[i],
        model,
      });
    }
    return scored;
  }

  /** What has been found about hosts since the last call, each finding as it stands now. */
  findings(): HostFinding[] {
    const found = [...this.fresh.values()];
    this.fresh = new Map();
    return found;
  }

  /** What has been found about hosts altogether, with all that has been seen of them since. */
  hosts(): HostFinding[] {
    return this.evidence.findings();
  }

  private featurize(flows: readonly Flow[]): { x: Matrix; context: boolean[] } {
    const x = new Matrix(flows.length, flowFeatures.length);
    const row = new Float64Array(x.columns);
    const context = flows.map((flow, i) => {
      const facts = featurizeFlow(flow, this.window, row);
      x.setRow(i, row);
      for (const finding of this.evidence.add(flow, facts)) this.fresh.set(keyOf(finding), finding);
      return facts !== null;
    });
    return { x, context };
  }
}

function explain({ contract, model }: LoadedVersion, flow: Flow, features: Float64Array): ReasonDto[] {
  const values = recordFields.map((field) => flow[field]);
  return reasonsOf(contract, { values, features, contributions: model.explain(features) });
}

function keyOf({ kind, host, target, port, proto }: HostFinding): string {
  return `${kind} ${host} ${target} ${port} ${proto}`;
}
