import { nextTurn } from '../../common/turns.js';
import { Matrix } from '../../ml/matrix.js';
import { textKey } from '../../ml/text-key.js';
import type { Featurizer, FinishOptions } from '../kind.js';
import type { Value } from '../tabular/cells.js';
import { endOf, type Flow } from './flow.js';
import { featurizeFlow, flowFeatures } from './flow-features.js';
import { FlowWindow } from './flow-window.js';
import { flowOfRecord } from './record-fields.js';

/** Of the flows that learners are fitted on, one in so many is seen as if it had come alone: some will. */
const aloneInTraining = 5;

/** Rows written before others get a turn of the event loop. */
const rowsATurn = 1000;

/**
 * Featurizes flows in the order in which they were over, each group of them (a capture) within windows of its own: no
 * two sensors saw the same network. A flow that comes by itself has no context.
 */
export class FlowRows implements Featurizer {
  private readonly flows: Flow[] = [];
  private readonly groups: number[] = [];

  add(values: readonly Value[], group = 0): void {
    this.flows.push(flowOfRecord(values));
    this.groups.push(group);
  }

  async finish({ order, shared = false, training = false }: FinishOptions = {}): Promise<Matrix> {
    const { flows, groups } = this;
    const at = order ?? Int32Array.from(flows.keys());
    const x = shared
      ? Matrix.shared(at.length, flowFeatures.length)
      : new Matrix(at.length, flowFeatures.length);
    const row = new Float64Array(flowFeatures.length);
    let window: FlowWindow | null = null;
    let group = NaN;
    for (const [done, i] of this.inTime(at).entries()) {
      const flow = flows[at[i]];
      if (groups[at[i]] !== group) {
        group = groups[at[i]];
        window = at.length > 1 ? new FlowWindow() : null;
      }
      if (training && isSeenAlone(flow)) {
        window?.observe(flow);
        featurizeFlow(flow, null, row);
      } else featurizeFlow(flow, window, row);
      x.setRow(i, row);
      if (done % rowsATurn === rowsATurn - 1) await nextTurn();
    }
    return x;
  }

  /** The rows of the result, group after group, each in the order of time; flows of one moment stay as they are. */
  private inTime(at: Int32Array): number[] {
    const ends = this.flows.map(endOf);
    const rows = [...at.keys()];
    return rows.sort((a, b) => this.groups[at[a]] - this.groups[at[b]] || ends[at[a]] - ends[at[b]] || a - b);
  }
}

/** Decided by the flow itself, so that it does not change when others come. */
function isSeenAlone({ ts, id_orig_p, id_resp_h }: Flow): boolean {
  return textKey(`${ts} ${id_orig_p} ${id_resp_h}`) % aloneInTraining === 0;
}
