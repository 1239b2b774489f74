import type { FlowRule } from './flow-rule.js';
import { type Held, HeldChains } from './held-entry.js';
import type { ListEntry } from './list-entry.schema.js';
import type { Ip, Network } from './network.js';
import { prefixKey } from './network-index.js';

/** What flows and findings are compared by; null where they do not say. */
export interface Ends {
  readonly source: Ip | null;
  readonly target: Ip | null;
  readonly port: number | null;
  readonly proto: string | null;
}

/** Which members of a rule say something, and how long their prefixes are. */
interface Shape {
  readonly source: number | null;
  readonly target: number | null;
  readonly hasPort: boolean;
  readonly hasProto: boolean;
  /** How particular rules of this shape are. */
  readonly weight: number;
}

/**
 * Entries about pairs and services. Rules of one shape are looked for together, the most particular shape first: there
 * are a handful of shapes, however many rules.
 */
export class RuleIndex {
  private shapes: { name: string; shape: Shape; chains: HeldChains<string> }[] = [];

  get isEmpty(): boolean {
    return this.shapes.length === 0;
  }

  put(rule: FlowRule, entry: ListEntry): void {
    const shape = shapeOf(rule);
    const name = JSON.stringify(shape);
    let known = this.shapes.find((one) => one.name === name);
    if (!known) {
      known = { name, shape, chains: new HeldChains() };
      this.shapes.push(known);
      this.shapes.sort((a, b) => b.shape.weight - a.shape.weight);
    }
    known.chains.put(ruleKey(shape, endsOf(rule))!, entry);
  }

  remove(rule: FlowRule, entry: ListEntry): void {
    const shape = shapeOf(rule);
    const known = this.shapes.find(({ name }) => name === JSON.stringify(shape));
    known?.chains.remove(ruleKey(shape, endsOf(rule))!, entry);
    this.shapes = this.shapes.filter(({ chains }) => !chains.isEmpty);
  }

  find(ends: Ends, choose: (chain: Held) => Held | null): Held | null {
    for (const { shape, chains } of this.shapes) {
      const key = ruleKey(shape, ends);
      const chain = key === null ? undefined : chains.get(key);
      const found = chain && choose(chain);
      if (found) return found;
    }
    return null;
  }
}

function endsOf({ source, target, port, proto }: FlowRule): Ends {
  return { source: source?.ip ?? null, target: target?.ip ?? null, port, proto };
}

function shapeOf({ source, target, port, proto }: FlowRule): Shape {
  const shape = {
    source: source?.length ?? null,
    target: target?.length ?? null,
    hasPort: port !== null,
    hasProto: proto !== null,
  };
  // Both ends before one end, then the longer prefixes; a port is as much as a prefix of 16 bits.
  const ends = [source, target].filter((end) => end !== null).length;
  const weight =
    ends * 1000 + share(source) + share(target) + (shape.hasPort ? 64 : 0) + (shape.hasProto ? 1 : 0);
  return { ...shape, weight };
}

/** Of 128. */
function share(network: Network | null): number {
  return network === null ? 0 : (network.length * 128) / (network.ip.length * 32);
}

/** Null where the ends do not say what rules of the shape ask for. */
function ruleKey({ source, target, hasPort, hasProto }: Shape, ends: Ends): string | null {
  const isShort =
    (source !== null && ends.source === null) ||
    (target !== null && ends.target === null) ||
    (hasPort && ends.port === null) ||
    (hasProto && ends.proto === null);
  if (isShort) return null;
  const parts = [
    source === null ? '*' : endKey(ends.source!, source),
    target === null ? '*' : endKey(ends.target!, target),
    hasPort ? ends.port : '*',
    hasProto ? ends.proto : '*',
  ];
  return parts.join(' ');
}

/** With the protocol: a length alone may be of either. */
function endKey(ip: Ip, length: number): string {
  return `${ip.length}/${prefixKey(ip, length)}`;
}
