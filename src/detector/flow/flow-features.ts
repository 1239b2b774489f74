import type { Flow } from './flow.js';
import { type FlowFacts, flowFacts } from './flow-facts.js';
import type { FlowWindow, WindowFacts } from './flow-window.js';
import type { PortClass } from './port-class.js';
import type { SourceBehaviour } from './source-history.js';

/** What a feature is about: contributions are added up within it. */
export type FlowReasonGroup =
  | 'protocol'
  | 'outcome'
  | 'port'
  | 'place'
  | 'size'
  | 'speed'
  | 'packets'
  | 'history'
  | 'service'
  | 'context'
  | 'scan'
  | 'failures'
  | 'sameness'
  | 'volume'
  | 'rhythm';

export interface FlowFeature {
  readonly name: string;
  readonly type: 'number' | 'integer';
  readonly group: FlowReasonGroup;
  readonly meaning: string;
  /** NaN where the flow does not say. */
  readonly value: (facts: FlowFacts) => number;
}

type Value = FlowFeature['value'];

function real(group: FlowReasonGroup, name: string, meaning: string, value: Value): FlowFeature {
  return { name, type: 'number', group, meaning, value };
}

/** Of amounts that span many powers of ten. */
function size(group: FlowReasonGroup, name: string, meaning: string, value: Value): FlowFeature {
  return real(group, name, `log10(1 + ${meaning})`, (facts) => Math.log10(1 + value(facts)));
}

/** 1 where it holds, 0 where not. */
function flag(
  group: FlowReasonGroup,
  name: string,
  meaning: string,
  holds: (facts: FlowFacts) => boolean,
): FlowFeature {
  return { name, type: 'integer', group, meaning, value: (facts) => (holds(facts) ? 1 : 0) };
}

/** NaN for a flow that is scored alone. */
function inWindow(
  group: FlowReasonGroup,
  name: string,
  meaning: string,
  value: (window: WindowFacts) => number,
): FlowFeature {
  return real(group, name, meaning, ({ window }) => (window ? value(window) : NaN));
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function number(value: number | null): number {
  return value ?? NaN;
}

const flowOnly: readonly FlowFeature[] = [
  flag('protocol', 'isTcp', 'TCP', (f) => f.flow.proto === 'tcp'),
  flag('protocol', 'isUdp', 'UDP', (f) => f.flow.proto === 'udp'),
  flag('protocol', 'isIcmp', 'ICMP', (f) => f.flow.proto === 'icmp'),

  flag('outcome', 'isFailed', 'no connection came about', (f) => f.failed),
  state('isUnanswered', 'nobody answered', ['S0', 'SH']),
  state('isRefused', 'it was refused', ['REJ']),
  state('isComplete', 'it began and ended in order', ['SF']),
  state('isLeftOpen', 'it began and was not closed by both', ['S1', 'S2', 'S3']),
  state('isResetByOriginator', 'its originator broke it off', ['RSTO', 'RSTOS0']),
  state('isResetByResponder', 'its responder broke it off', ['RSTR', 'RSTRH']),
  state('isPartlySeen', 'its beginning was not seen', ['OTH', 'SHR']),

  ...(['web', 'names', 'upkeep', 'shell', 'files', 'database', 'mail', 'chat'] as const).map(portFeature),
  flag('port', 'portIsSystem', 'the port is below 1024', (f) => number(f.flow.id_resp_p) < 1024),
  flag('port', 'portIsEphemeral', 'the port is above 49151', (f) => number(f.flow.id_resp_p) > 49151),
  flag('port', 'fromSystemPort', 'it comes from a port below 1024', (f) => number(f.flow.id_orig_p) < 1024),
  flag('place', 'toPrivate', 'to a private address', (f) => f.respClass === 'private'),
  flag('place', 'toGroup', 'to a multicast or broadcast address', (f) => f.respClass === 'group'),
  flag('place', 'fromPrivate', 'from a private address', (f) => f.origClass === 'private'),

  flag('service', 'hasService', 'the sensor recognised what was spoken', (f) => f.flow.service !== null),
  service('dns', 'names are asked for', 'dns'),
  service('http', 'web pages without encryption', 'http'),
  service('ssl', 'encrypted', 'ssl', 'quic'),
  service('ssh', 'a secure shell', 'ssh'),
  service('irc', 'a chat', 'irc'),

  size('size', 'duration', 'seconds', (f) => number(f.flow.duration)),
  size('size', 'bytesSent', 'payload bytes of the originator', (f) => f.sent),
  size('size', 'bytesReceived', 'payload bytes of the responder', (f) => f.received),
  real('size', 'sentShare', 'share of the payload that the originator sent', (f) =>
    share(f.sent, f.sent + f.received),
  ),
  size('size', 'bytesMissed', 'bytes that the sensor missed', (f) => number(f.flow.missed_bytes)),
  size('packets', 'packetsSent', 'packets of the originator', (f) => number(f.flow.orig_pkts)),
  size('packets', 'packetsReceived', 'packets of the responder', (f) => number(f.flow.resp_pkts)),
  real('packets', 'packetsSentShare', 'share of the packets that the originator sent', (f) =>
    share(number(f.flow.orig_pkts), number(f.flow.orig_pkts) + number(f.flow.resp_pkts)),
  ),
  size('packets', 'sentAPacket', 'IP bytes a packet of the originator', (f) =>
    share(number(f.flow.orig_ip_bytes), number(f.flow.orig_pkts)),
  ),
  size('packets', 'receivedAPacket', 'IP bytes a packet of the responder', (f) =>
    share(number(f.flow.resp_ip_bytes), number(f.flow.resp_pkts)),
  ),
  size('speed', 'byteRate', 'payload bytes a second', (f) => rate(f, f.sent + f.received)),
  size('speed', 'packetRate', 'packets a second', (f) =>
    rate(f, number(f.flow.orig_pkts) + number(f.flow.resp_pkts)),
  ),

  ...(
    [
      ['S', 'connections asked for by the originator'],
      ['h', 'connections accepted'],
      ['D', 'payload of the originator'],
      ['d', 'payload of the responder'],
      ['A', 'bare acknowledgements of the originator'],
      ['a', 'bare acknowledgements of the responder'],
      ['F', 'ends said by the originator'],
      ['f', 'ends said by the responder'],
      ['R', 'resets by the originator'],
      ['r', 'resets by the responder'],
    ] as const
  ).map(([letter, meaning]) => letterFeature(letter, meaning)),
  history('historyRepeats', 'packets sent again', 'Tt'),
  history('historyGaps', 'gaps in what was seen', 'Gg'),
  history('historyBadSums', 'packets with a wrong checksum', 'Cc'),
  history('historyFullWindows', 'receivers that could not keep up', 'Ww'),
  history('historyOdd', 'packets that contradict each other', 'IiQq'),
  real('history', 'historyLength', 'events in the history', (f) =>
    f.flow.history === null ? NaN : f.flow.history.length,
  ),
];

/**
 * Of a source's behaviour what says more of attacks than of a household: how many flows go to one port or host, how new
 * a host is to it and how often it comes back were tried, and misled on networks that were not learned from.
 */
const windowFeatures: readonly FlowFeature[] = [
  flag('context', 'hasContext', 'what its source did before is known', (f) => f.window !== null),
  ...overWindow('Short', 'in 60 s', (w) => w.short),
  ...overWindow('Long', 'in 10 min', (w) => w.long),
  inWindow(
    'rhythm',
    'pairGapVariation',
    'standard deviation of the gaps between flows to this port of this host, over their mean',
    (w) => w.pair.gapVariation,
  ),
  inWindow('rhythm', 'pairSizeVariation', 'the same of the bytes sent', (w) => w.pair.sizeVariation),
];

/** What learners see of a flow. None sees an address, a time or an exact port: those belong to one network. */
export const flowFeatures: readonly FlowFeature[] = [...flowOnly, ...windowFeatures];

/** Which of them need a context. */
export const windowFeatureNames: readonly string[] = windowFeatures.map(({ name }) => name);

/**
 * Writes the values of `flowFeatures` to `out` from `offset` on; NaN is missing.
 * @param context takes the flow in; null for a flow that is scored alone, whose window features are missing
 * @returns what the context said of the flow, good until its next
 */
export function featurizeFlow(
  flow: Flow,
  context: FlowWindow | null,
  out: Float64Array,
  offset = 0,
): WindowFacts | null {
  const facts = flowFacts(flow, context?.observe(flow) ?? null);
  for (let i = 0; i < flowFeatures.length; i++) out[offset + i] = flowFeatures[i].value(facts);
  return facts.window;
}

function state(name: string, meaning: string, states: readonly string[]): FlowFeature {
  return real('outcome', name, meaning, ({ flow }) =>
    flow.conn_state === null ? NaN : states.includes(flow.conn_state) ? 1 : 0,
  );
}

function portFeature(kind: PortClass): FlowFeature {
  const name = `portIs${kind[0].toUpperCase()}${kind.slice(1)}`;
  return flag('port', name, `the port is one for ${kind}`, (f) => f.portClass === kind);
}

function service(name: string, meaning: string, ...services: readonly string[]): FlowFeature {
  const title = `serviceIs${name[0].toUpperCase()}${name.slice(1)}`;
  return flag('service', title, meaning, ({ flow: { service: spoken } }) => {
    if (spoken === null) return false;
    // A sensor that recognised several names them all, which is rare.
    const each = spoken.includes(',') ? spoken.split(',') : null;
    return services.some((known) => spoken === known || each?.includes(known));
  });
}

/** Bytes or packets a second of flows that lasted; a single packet lasts no time. */
function rate({ flow }: FlowFacts, amount: number): number {
  return flow.duration === null || flow.duration === 0 ? NaN : amount / flow.duration;
}

function letterFeature(letter: string, meaning: string): FlowFeature {
  const name = `history${letter === letter.toUpperCase() ? 'Orig' : 'Resp'}${letter.toUpperCase()}`;
  return history(name, meaning, letter);
}

function history(name: string, meaning: string, letters: string): FlowFeature {
  const codes = Array.from(letters, (letter) => letter.charCodeAt(0));
  return real('history', name, `events: ${meaning}`, ({ letters: counts }) => {
    if (counts === null) return NaN;
    let found = 0;
    for (const code of codes) found += counts[code];
    return found;
  });
}

function overWindow(
  name: string,
  span: string,
  of: (window: WindowFacts) => SourceBehaviour,
): readonly FlowFeature[] {
  const feature = (
    group: FlowReasonGroup,
    title: string,
    meaning: string,
    value: (behaviour: SourceBehaviour) => number,
  ): FlowFeature => inWindow(group, `${title}${name}`, `${meaning} ${span}`, (w) => value(of(w)));
  return [
    feature('scan', 'flows', 'log10(flows of the source)', (b) => Math.log10(b.flows)),
    feature('scan', 'hosts', 'log10(hosts it went to)', (b) => Math.log10(b.hosts)),
    feature('scan', 'ports', 'log10(ports it went to)', (b) => Math.log10(b.ports)),
    feature('scan', 'hostsOfPort', 'log10(hosts with this port)', (b) => Math.log10(b.hostsOfPort)),
    feature('scan', 'portsOfHost', 'log10(ports of this host)', (b) => Math.log10(b.portsOfHost)),
    feature('failures', 'failedShare', 'share of its flows that failed', (b) => b.failed / b.flows),
    feature('sameness', 'sameServiceShare', 'share with this service', (b) => b.sameService / b.flows),
    feature('volume', 'sentShare', 'share of its bytes that it sent', (b) =>
      share(b.sent, b.sent + b.received),
    ),
  ];
}
