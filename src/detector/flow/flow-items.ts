import { Matrix } from '../../ml/matrix.js';
import type { Context, FeaturizedItems, Item, ItemFeaturizer, ItemFinding } from '../kind.js';
import { featurizeFlow, flowFeatures } from './flow-features.js';
import { FlowWindow } from './flow-window.js';
import { HostEvidence } from './host-evidence.js';
import type { HostFinding } from './host-finding.js';
import type { HostTally } from './host-tally.js';
import type { LocalNetworks } from './local-networks.js';
import type { FlowItem } from './record-fields.js';

/**
 * Featurizes flows that are each other's context, taken about in the order in which they were over. A flow is part of a
 * finding when it is one of the flows that the finding counts: of a request as a whole, of a log as far as it has come.
 */
export class FlowItems implements ItemFeaturizer {
  private window: FlowWindow | null = null;
  private readonly evidence: HostEvidence;

  /** @param context of a request all items are featurized at once */
  constructor(
    private readonly context: Context,
    networks: LocalNetworks,
  ) {
    this.evidence = new HostEvidence({ networks, isShort: context !== 'log' });
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- other kinds give turns of the event loop
  async featurize(items: readonly Item[]): Promise<FeaturizedItems> {
    if (this.context !== 'alone')
      this.window ??= this.context === 'log' ? new FlowWindow() : windowFor(items.length);
    const x = new Matrix(items.length, flowFeatures.length);
    const row = new Float64Array(x.columns);
    const contexts: Context[] = [];
    const counted: (readonly HostTally[])[] = [];
    const found: ItemFinding[][] = [];
    for (const [i, item] of items.entries()) {
      const { flow } = item as FlowItem;
      const facts = featurizeFlow(flow, this.window, row);
      x.setRow(i, row);
      contexts.push(facts === null ? 'alone' : this.context);
      const tallies = this.evidence.add(flow);
      if (this.context === 'log') found.push(findingsOf(tallies));
      else counted.push(tallies);
    }
    return { x, contexts, findings: this.context === 'log' ? found : counted.map(findingsOf) };
  }

  newFindings(isEnd?: boolean): HostFinding[] {
    return this.evidence.newFindings(isEnd);
  }

  allFindings(): HostFinding[] {
    return this.evidence.findings();
  }
}

/** With four places a flow hardly any source or pair is forgotten; all that a log needs takes 10 ms to lay out. */
function windowFor(flows: number): FlowWindow {
  const places = 2 ** Math.min(13, Math.max(6, Math.ceil(Math.log2(flows * 4))));
  return new FlowWindow({ hosts: places, pairs: places });
}

function findingsOf(tallies: readonly HostTally[]): ItemFinding[] {
  return tallies.filter(({ isFound }) => isFound).map((tally) => tally.summary());
}
