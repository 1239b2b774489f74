/** Logs of a made-up network as Zeek and Suricata would write them: as long as asked for, the same for the same seed. */
import { Random } from '../../dist/ml/random.js';

const sources = 300;
const targets = 5000;
const flowsASecond = 400;
const startsAt = 1_600_000_000;

/** Of what kinds the flows are, and in which shares. */
const kinds = [
  { share: 0.35, proto: 'udp', port: 53, service: 'dns', state: 'SF', history: 'Dd' },
  { share: 0.3, proto: 'tcp', port: 443, service: 'ssl', state: 'SF', history: 'ShADadFf' },
  { share: 0.1, proto: 'tcp', port: 80, service: 'http', state: 'SF', history: 'ShADadFfR' },
  { share: 0.05, proto: 'tcp', port: 22, service: 'ssh', state: 'RSTO', history: 'ShADadR' },
  { share: 0.1, proto: 'tcp', port: 23, service: null, state: 'S0', history: 'S' },
  { share: 0.1, proto: 'udp', port: 123, service: null, state: 'SF', history: 'Dd' },
];

const zeekFields = [
  ...['ts', 'uid', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p', 'proto', 'service', 'duration'],
  ...['orig_bytes', 'resp_bytes', 'conn_state', 'local_orig', 'local_resp', 'missed_bytes', 'history'],
  ...['orig_pkts', 'orig_ip_bytes', 'resp_pkts', 'resp_ip_bytes', 'tunnel_parents'],
];

const writers = {
  tsv: {
    head: `#separator \\x09\n#unset_field\t-\n#path\tconn\n#fields\t${zeekFields.join('\t')}\n`,
    line: tsvLine,
  },
  eve: { head: '', line: eveLine },
};

/** The log in pieces. @param format `tsv` or `eve` */
export function* madeLog(format, flows, seed = 1) {
  const random = new Random(seed);
  const { head, line } = writers[format];
  let text = head;
  for (let i = 0; i < flows; i++) {
    text += line(madeFlow(i, random));
    if (text.length > 1 << 18) {
      yield text;
      text = '';
    }
  }
  yield text;
}

function madeFlow(i, random) {
  const pick = (count) => random.below(count);
  let rest = random.float();
  const kind = kinds.find(({ share }) => (rest -= share) < 0) ?? kinds[0];
  const answered = kind.state !== 'S0';
  const [sent, received] = [40 + pick(2000), answered ? 60 + pick(60_000) : 0];
  const [sentPackets, receivedPackets] = [
    1 + Math.ceil(sent / 500),
    answered ? 1 + Math.ceil(received / 1200) : 0,
  ];
  return {
    ...kind,
    ts: startsAt + i / flowsASecond,
    uid: `C${i.toString(36)}`,
    source: `10.0.${pick(sources) >> 8}.${pick(254) + 1}`,
    sourcePort: 1024 + pick(60_000),
    target: addressOf(pick(targets)),
    duration: answered ? random.float() * 5 : null,
    sent,
    received,
    sentPackets,
    receivedPackets,
  };
}

function addressOf(n) {
  return `203.${n >> 8}.${n & 255}.7`;
}

function tsvLine(flow) {
  const { ts, uid, source, sourcePort, target, port, proto, service, duration, sent, received } = flow;
  const { state, history, sentPackets, receivedPackets } = flow;
  return `${[
    ...[ts.toFixed(6), uid, source, sourcePort, target, port, proto, service ?? '-'],
    ...[duration?.toFixed(6) ?? '-', sent, received, state, '-', '-', 0, history],
    ...[sentPackets, sent + 40 * sentPackets, receivedPackets, received + 40 * receivedPackets, '-'],
  ].join('\t')}\n`;
}

function eveLine(flow) {
  const { ts, source, sourcePort, target, port, proto, service, duration, sent, received } = flow;
  const { state, sentPackets, receivedPackets } = flow;
  const iso = (seconds) => new Date(seconds * 1000).toISOString().replace('Z', '000+0000');
  return `${JSON.stringify({
    timestamp: iso(ts + (duration ?? 0)),
    flow_id: 1e14 + Math.round((ts - startsAt) * flowsASecond),
    event_type: 'flow',
    src_ip: source,
    src_port: sourcePort,
    dest_ip: target,
    dest_port: port,
    proto: proto.toUpperCase(),
    ...(service !== null && { app_proto: service === 'ssl' ? 'tls' : service }),
    flow: {
      pkts_toserver: sentPackets,
      pkts_toclient: receivedPackets,
      bytes_toserver: sent + 54 * sentPackets,
      bytes_toclient: received + 54 * receivedPackets,
      start: iso(ts),
      end: iso(ts + (duration ?? 0)),
      age: Math.round(duration ?? 0),
      state: state === 'S0' ? 'new' : 'closed',
      reason: 'timeout',
      alerted: false,
    },
    ...(proto === 'tcp' && {
      tcp: {
        tcp_flags: state === 'S0' ? '02' : '1b',
        tcp_flags_ts: state === 'S0' ? '02' : '1b',
        tcp_flags_tc: state === 'S0' ? '00' : '1b',
        syn: true,
        fin: state === 'SF',
        rst: state === 'RSTO',
        ack: state !== 'S0',
        state: state === 'S0' ? 'syn_sent' : 'closed',
      },
    }),
  })}\n`;
}

/** Flows as stored records of `network-flow`, without end; every fifth one is a threat, sixteen sensors take turns. */
export function* madeRecords(seed = 1) {
  const random = new Random(seed);
  for (let i = 0; ; i++) {
    const { ts, uid, source, sourcePort, target, port, proto, service, duration, ...flow } = madeFlow(
      i,
      random,
    );
    const { sent, received, state, history, sentPackets, receivedPackets } = flow;
    yield {
      _id: `${random
        .below(2 ** 32)
        .toString(16)
        .padStart(8, '0')}${i.toString(16).padStart(24, '0')}`,
      detector: 'network-flow',
      batch: `batch ${i % 16}`,
      line: i,
      label: i % 5 === 0 ? 1 : 0,
      row: {
        ...{ ts, uid, id_orig_h: source, id_orig_p: sourcePort, id_resp_h: target, id_resp_p: port },
        ...{ proto, service, duration, orig_bytes: sent, resp_bytes: received, conn_state: state },
        ...{ missed_bytes: 0, history, orig_pkts: sentPackets, orig_ip_bytes: sent + 40 * sentPackets },
        ...{ resp_pkts: receivedPackets, resp_ip_bytes: received + 40 * receivedPackets },
      },
      split: { capture: `sensor ${i % 16}` },
    };
  }
}
