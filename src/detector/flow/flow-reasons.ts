import { bytesText, percent } from './flow-text.js';
import type { Reason, ScoredRow, UnusualRow } from '../kind.js';
import type { Value } from '../tabular/cells.js';
import { type FlowReasonGroup, flowFeatures } from './flow-features.js';
import { longWindow, shortWindow } from './flow-window.js';
import { type RecordField, recordFields } from './record-fields.js';

/** What a group of features is about, for flows that do not say it in numbers. */
const topics: Readonly<Record<FlowReasonGroup, string>> = {
  protocol: 'the protocol',
  outcome: 'how the connection ended',
  port: 'the ports',
  place: 'where it came from and went to',
  size: 'how long it took and how much was sent',
  speed: 'how fast it was',
  packets: 'the packets it was made of',
  history: 'what happened in it, in order',
  service: 'the service that was spoken',
  context: 'how well its source is known',
  scan: 'how many hosts and ports its source went to',
  failures: 'how many connections of its source failed',
  sameness: 'how alike the connections of its source are',
  volume: 'how much its source sent and received',
  rhythm: 'the rhythm of connections to the same port',
};

/** Zeek's states of a connection in words. */
const states: Readonly<Record<string, string>> = {
  S0: 'nobody answered',
  SH: 'it was given up before an answer',
  REJ: 'it was refused',
  SF: 'it began and ended in order',
  S1: 'it was not closed',
  S2: 'only the originator closed it',
  S3: 'only the responder closed it',
  RSTO: 'its originator broke it off',
  RSTOS0: 'its originator broke it off before an answer',
  RSTR: 'its responder broke it off',
  RSTRH: 'its responder broke off what was not begun',
  SHR: 'its beginning was not seen',
  OTH: 'its beginning was not seen',
};

const places = new Map(flowFeatures.map(({ name }, j) => [name, j]));

/** What can be said of a flow: its record, and its features by name. */
class FlowNumbers {
  constructor(
    private readonly values: readonly Value[],
    private readonly features: ArrayLike<number>,
  ) {}

  /** NaN where the flow does not say. */
  feature(name: string): number {
    return this.features[places.get(name)!];
  }

  /** Of a feature that is log10(amount). */
  power(name: string): number {
    return Math.round(10 ** this.feature(name));
  }

  /** Of a feature that is log10(1 + amount). */
  amount(name: string): number {
    return 10 ** this.feature(name) - 1;
  }

  text(field: RecordField): string | null {
    const value = this.values[recordFields.indexOf(field)] ?? null;
    return value === null ? null : String(value);
  }
}

/** The sentence of a group, or null where its numbers are missing. */
type Sentence = (flow: FlowNumbers) => string | null;

const sentences: Readonly<Record<FlowReasonGroup, Sentence>> = {
  protocol: (flow) => withText(flow.text('proto'), (proto) => `it goes over ${proto.toUpperCase()}`),
  outcome: (flow) => {
    const state = flow.text('conn_state');
    const failed = flow.feature('isFailed') === 1;
    if (state === null) return failed ? 'no connection came about' : null;
    const words = states[state] === undefined ? state : `${state}: ${states[state]}`;
    return failed ? `no connection came about (${words})` : `the connection came about (${words})`;
  },
  port: (flow) => withText(flow.text('id_resp_p'), (port) => `it goes to port ${port}`),
  place: (flow) => {
    const [from, to] = [flow.text('id_orig_h'), flow.text('id_resp_h')];
    return from === null || to === null ? null : `it goes from ${from} to ${to}`;
  },
  size: (flow) => {
    const [sent, received, seconds] = ['bytesSent', 'bytesReceived', 'duration'].map((name) =>
      flow.amount(name),
    );
    if (Number.isNaN(sent + received)) return null;
    const time = Number.isNaN(seconds) ? '' : ` in ${secondsText(seconds)}`;
    return `it sent ${bytesText(sent)} and received ${bytesText(received)}${time}`;
  },
  speed: (flow) =>
    withNumber(flow.amount('byteRate'), (rate) => {
      const packets = flow.amount('packetRate');
      const beside = Number.isNaN(packets) ? '' : ` in ${figure(packets)} packets`;
      return `it carried ${bytesText(rate)}${beside} a second`;
    }),
  packets: (flow) => {
    const [sent, received] = [flow.amount('packetsSent'), flow.amount('packetsReceived')];
    if (Number.isNaN(sent + received)) return null;
    return `it is made of ${counted(sent, 'packet')} sent and ${figure(received)} received`;
  },
  history: (flow) => withText(flow.text('history'), (history) => `what happened in it was ${history}`),
  service: (flow) => withText(flow.text('service'), (service) => `the sensor recognised ${service}`),
  context: (flow) =>
    flow.feature('hasContext') === 1
      ? 'what its source did before is known'
      : 'nothing is known of what its source did before',
  scan: scanSentence,
  failures: (flow) =>
    withNumber(flow.feature('failedShareLong'), (share) => {
      const flows = flow.power('flowsLong');
      return `${figure(share * flows)} of ${counted(flows, 'connection')} of its source failed in ${longText}`;
    }),
  sameness: (flow) =>
    withNumber(flow.feature('sameServiceShareLong'), (share) => {
      const flows = flow.power('flowsLong');
      return `${percent(share)} of ${counted(flows, 'connection')} of its source in ${longText} are to its service`;
    }),
  volume: (flow) =>
    withNumber(
      flow.feature('sentShareLong'),
      (share) => `${percent(share)} of the bytes of its source's connections in ${longText} were sent by it`,
    ),
  rhythm: (flow) =>
    withNumber(
      flow.feature('pairGapVariation'),
      (share) => `the gaps between connections to this port of this host vary by ${percent(share)}`,
    ),
};

const shortText = `${shortWindow} s`;
const longText = `${longWindow / 60} min`;

/** A reason a group, with what its features added together. */
export function flowReasons({ item, features, contributions }: ScoredRow): Reason[] {
  const flow = new FlowNumbers(item.values, features);
  return [...sumsByGroup(contributions.values)].map(([group, contribution]) => ({
    feature: group,
    value: null,
    contribution,
    text: sentences[group](flow) ?? topics[group],
  }));
}

/** Says that a flow is like nothing that was learned from, and by what. It moved no probability: it contributes 0. */
export function noveltyReason({ score, quantile, rows, contributions }: UnusualRow): Reason {
  const groups = [...sumsByGroup(contributions)]
    .filter(([, sum]) => sum > 0)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([group]) => topics[group]);
  const by = groups.length === 0 ? '' : `, by ${listed(groups)}`;
  const than =
    quantile >= 1 ? 'any of them' : `${(Math.floor(quantile * 10_000) / 100).toString()} % of them`;
  return {
    feature: 'novelty',
    value: score,
    contribution: 0,
    text: `nothing like it among the ${figure(rows)} flows the model learned from: more unusual than ${than}${by}`,
  };
}

function sumsByGroup(values: ArrayLike<number>): Map<FlowReasonGroup, number> {
  const sums = new Map<FlowReasonGroup, number>();
  flowFeatures.forEach(({ group }, j) => sums.set(group, (sums.get(group) ?? 0) + values[j]));
  return sums;
}

/** What of a scan the last minute shows most of: hosts with a port, or ports of a host. */
function scanSentence(flow: FlowNumbers): string | null {
  const [hosts, ports] = [flow.power('hostsOfPortShort'), flow.power('portsOfHostShort')];
  if (Number.isNaN(hosts + ports)) return null;
  if (ports > hosts) return `its source went to ${counted(ports, 'port')} of this host in ${shortText}`;
  const port = flow.text('id_resp_p');
  const aimed = port === null || flow.text('proto') === 'icmp' ? '' : ` with port ${port}`;
  return `its source went to ${counted(hosts, 'host')}${aimed} in ${shortText}`;
}

function withText(text: string | null, say: (text: string) => string): string | null {
  return text === null ? null : say(text);
}

function withNumber(value: number, say: (value: number) => string): string | null {
  return Number.isNaN(value) ? null : say(value);
}

function listed(words: readonly string[]): string {
  return words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function counted(count: number, one: string): string {
  return `${figure(count)} ${Math.round(count) === 1 ? one : `${one}s`}`;
}

function figure(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** One digit behind the point, where it lasts that long. */
function secondsText(seconds: number): string {
  return seconds > 0 && seconds < 0.05 ? 'less than 0.1 s' : `${seconds.toFixed(1)} s`;
}
