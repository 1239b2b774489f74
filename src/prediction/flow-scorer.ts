import { nextTurn } from '../common/turns.js';
import { featurizeFlow, flowFeatures } from '../detector/flow/flow-features.js';
import { FlowWindow } from '../detector/flow/flow-window.js';
import type { Flow } from '../detector/flow/flow.js';
import { HostEvidence } from '../detector/flow/host-evidence.js';
import type { HostFinding } from '../detector/flow/host-finding.js';
import { type RecordField, recordFields } from '../detector/flow/record-fields.js';
import { Matrix } from '../ml/matrix.js';
import type { Novelty } from '../registry/bundle/novelty.js';
import { type VerdictName, verdicts } from '../registry/bundle/scoring-model.js';
import type { LoadedVersion } from './loaded-version.js';
import type { ReasonDto, ScoredByDto } from './prediction.dto.js';
import { explainRow } from './reasons.js';
import type { ServedBy } from './scored.js';
import type { Served, Trial } from './served.js';

export interface FlowVerdict {
  readonly flow: Flow;
  readonly verdict: VerdictName;
  /** Calibrated probability of threat. */
  readonly probability: number;
  /** How unlike all that was learned from it is; null where the version does not know. */
  readonly novelty: Novelty | null;
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
  /** Whether a canary answers for a flow; none does when absent. */
  readonly isForCanary?: (trial: Trial, flow: Flow) => boolean;
}

/** A version that answers. */
interface Judge {
  readonly version: LoadedVersion;
  readonly model: ScoredByDto;
}

/** Scores the flows of one log or request: those that came before are the context of those that come. */
export class FlowScorer {
  private readonly window: FlowWindow | null;
  private readonly evidence = new HostEvidence();
  private readonly explained: ReadonlySet<VerdictName>;
  private readonly isForCanary: NonNullable<FlowScorerOptions['isForCanary']>;
  private fresh = new Map<string, HostFinding>();

  /** @param served asked at each call, so that a log that goes on for days gets new versions */
  constructor(
    private readonly served: () => Served,
    { alone = false, explain = 'suspicious', isForCanary = () => false }: FlowScorerOptions = {},
  ) {
    this.window = alone ? null : new FlowWindow();
    this.explained = new Set(explain === 'none' ? [] : verdicts.slice(verdicts.indexOf(explain)));
    this.isForCanary = isForCanary;
  }

  /**
   * One verdict a flow, in order. Flows are taken about in the order in which they were over.
   * @throws ModelUnavailableError
   */
  async score(flows: readonly Flow[]): Promise<FlowVerdict[]> {
    if (flows.length === 0) return [];
    const judges = this.judgesOf(flows);
    const { x, context } = this.featurize(flows);
    const scored: FlowVerdict[] = [];
    for (const [i, { probability, novelty }] of scoresOf(judges, x).entries()) {
      const { version, model } = judges[i];
      const verdict = version.model.verdictOf(probability);
      const isExplained = this.explained.has(verdict);
      // Explaining a row of a large forest takes milliseconds; others get their turn in between.
      if (isExplained && i > 0) await nextTurn();
      const reasons = isExplained
        ? explainRow(version, { values: valuesOf(flows[i]), features: x.row(i), novelty })
        : [];
      scored.push({ flow: flows[i], verdict, probability, novelty, reasons, context: context[i], model });
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

  private judgesOf(flows: readonly Flow[]): Judge[] {
    const { champion, trial } = this.served();
    const ours = judge(champion, 'champion');
    if (!trial) return flows.map(() => ours);
    const tried = judge(trial.challenger, 'challenger');
    return flows.map((flow) => (this.isForCanary(trial, flow) ? tried : ours));
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

function judge(version: LoadedVersion, servedBy: ServedBy): Judge {
  const { detector } = version.contract;
  const { version: number, createdAt: trainedAt } = version.row;
  return { version, model: { detector, version: number, trainedAt, servedBy } };
}

interface Score {
  readonly probability: number;
  readonly novelty: Novelty | null;
}

/** One a row; the rows of one judge are scored together. */
function scoresOf(judges: readonly Judge[], x: Matrix): Score[] {
  const scores = new Array<Score>(x.rows);
  for (const { version } of new Set(judges)) {
    const rows = [...judges.keys()].filter((i) => judges[i].version === version);
    const theirs = rows.length === x.rows ? x : x.take(rows);
    const probabilities = version.model.score(theirs);
    const novelty = version.model.novelty(theirs);
    rows.forEach((row, i) => {
      scores[row] = { probability: probabilities[i], novelty: novelty?.[i] ?? null };
    });
  }
  return scores;
}

/** A flow as the detector's record. */
export function valuesOf(flow: Flow): Flow[RecordField][] {
  return recordFields.map((field) => flow[field]);
}

function keyOf({ kind, host, target, port, proto }: HostFinding): string {
  return `${kind} ${host} ${target} ${port} ${proto}`;
}
