import { Readable } from 'node:stream';
import type { FlowLogItem } from './flow-item.js';
import { openFlowLog } from './flow-log.js';

async function read(...lines: (object | string)[]) {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const log = await openFlowLog(Readable.from([Buffer.from(text)]));
  const items: FlowLogItem[] = [];
  for await (const batch of log.batches()) items.push(...batch);
  return { log, items, flows: items.flatMap((item) => (item.kind === 'flow' ? [item.flow] : [])) };
}

const rest = {
  ts: 1710000000.5,
  uid: 'Ca1',
  proto: 'tcp',
  service: 'ssl',
  duration: 1.25,
  orig_bytes: 900,
  resp_bytes: 8000,
  conn_state: 'SF',
  missed_bytes: 0,
  history: 'ShADadFf',
  orig_pkts: 10,
  orig_ip_bytes: 1420,
  resp_pkts: 12,
  resp_ip_bytes: 8620,
};
const hosts = { orig_h: '10.1.2.3', orig_p: 50123, resp_h: '198.51.100.7', resp_p: 443 };
const dotted = Object.fromEntries(Object.entries(hosts).map(([name, value]) => [`id.${name}`, value]));
const conn = { ...rest, ...dotted };
const eve = {
  timestamp: '2024-03-09T16:05:00.000000+0000',
  flow_id: 101,
  event_type: 'flow',
  src_ip: '10.1.2.3',
  src_port: 50123,
  dest_ip: '198.51.100.7',
  dest_port: 443,
  proto: 'TCP',
  app_proto: 'tls',
  flow: {
    pkts_toserver: 10,
    pkts_toclient: 12,
    bytes_toserver: 1560,
    bytes_toclient: 8788,
    start: '2024-03-09T16:00:00.500000+0000',
    end: '2024-03-09T16:00:01.750000+0000',
  },
  tcp: { tcp_flags_ts: '1b', tcp_flags_tc: '1b' },
};
const plain = {
  ...rest,
  id_orig_h: '10.1.2.3',
  id_orig_p: 50123,
  id_resp_h: '198.51.100.7',
  id_resp_p: 443,
  label: null,
  detailed_label: null,
  local_orig: null,
  local_resp: null,
};

describe('a flow of Zeek is the same', () => {
  it.each<[string, object]>([
    ['as Zeek writes it', conn],
    ['with its hosts nested', { ...rest, id: hosts }],
    ['under the name of its log', { conn }],
    ['in a document of Elasticsearch', { _index: 'zeek-1', _id: 'x', _source: { ...rest, id: hosts } }],
    [
      'as text in a message',
      { '@timestamp': '2024-03-09T16:05:00Z', message: JSON.stringify(conn), host: {} },
    ],
    ['as text behind a syslog header', { log: `<13>Mar  9 16:05:01 fw zeek: ${JSON.stringify(conn)}\n` }],
    ['as text in an object', { event: { original: JSON.stringify({ conn }) } }],
    ['with numbers as texts', { ...conn, ts: '1710000000.500000', orig_bytes: '900' }],
    ['with an ISO time', { ...conn, ts: '2024-03-09T16:00:00.500000Z' }],
  ])('%s', async (_, record) => {
    const { flows } = await read(record);
    expect(flows).toEqual([plain]);
  });

  it('with a label in any spelling', async () => {
    for (const name of ['detailed-label', 'detailed_label', 'detailedlabel']) {
      const { flows } = await read({ ...conn, label: 'Malicious', [name]: 'C2' });
      expect(flows[0]).toMatchObject({ label: 'malicious', detailed_label: 'C2' });
    }
    const { flows } = await read(
      '#fields\tts\tid.orig_h\tid.resp_h\tproto\tlabel\tdetailedlabel',
      '1\t10.0.0.1\t10.0.0.2\ttcp\tMalicious\tFrom_malicious-To_malicious-C2',
    );
    expect(flows[0].detailed_label).toBe('From_malicious-To_malicious-C2');
  });
});

describe('documents of the Elastic Common Schema', () => {
  const ends = {
    network: { transport: 'tcp', protocol: 'ssl' },
    source: { ip: '10.1.2.3', port: 50123, bytes: 1420, packets: 10 },
    destination: { ip: '198.51.100.7', port: 443, bytes: 8620, packets: 12 },
  };
  const zeek = {
    '@timestamp': '2024-03-09T16:00:00.500Z',
    event: { dataset: 'zeek.connection', duration: 1_250_000_000 },
    ...ends,
    zeek: { session_id: 'Ca1', connection: { state: 'SF', history: 'ShADadFf', missed_bytes: 0 } },
  };

  it('give the flow of Zeek, nested or with dots', async () => {
    const flat = {
      '@timestamp': ['2024-03-09T16:00:00.500Z'],
      'event.dataset': 'zeek.connection',
      'event.duration': 1_250_000_000,
      'network.transport': ['tcp'],
      'network.protocol': 'ssl',
      ...{ 'source.ip': ['10.1.2.3'], 'source.port': 50123, 'source.bytes': 1420, 'source.packets': 10 },
      ...{ 'destination.ip': '198.51.100.7', 'destination.port': 443 },
      ...{ 'destination.bytes': 8620, 'destination.packets': 12 },
      ...{ 'zeek.session_id': 'Ca1', 'zeek.connection.state': 'SF' },
      ...{ 'zeek.connection.history': 'ShADadFf', 'zeek.connection.missed_bytes': 0 },
    };
    for (const record of [zeek, { _source: zeek }, { fields: flat }, flat]) {
      const { flows } = await read(record);
      expect(flows).toEqual([{ ...plain, orig_bytes: 1020, resp_bytes: 8140 }]);
    }
  });

  it('give the flow of Suricata', async () => {
    const { flows } = await read({
      '@timestamp': '2024-03-09T16:05:00.000Z',
      event: { start: eve.flow.start, end: eve.flow.end, dataset: 'suricata.eve' },
      ...ends,
      network: { transport: 'tcp', protocol: 'tls' },
      source: { ...ends.source, bytes: 1560 },
      destination: { ...ends.destination, bytes: 8788 },
      suricata: { eve: { event_type: 'flow', flow_id: 101, tcp: eve.tcp, flow: { state: 'closed' } } },
    });
    expect(flows).toEqual((await read(eve)).flows);
    expect(flows[0]).toMatchObject({ conn_state: 'SF', orig_pkts: 10, service: 'ssl' });
  });

  it('take the original before what was made of it', async () => {
    const { flows } = await read({ ...zeek, event: { ...zeek.event, original: JSON.stringify(conn) } });
    expect(flows).toEqual([plain]);
  });

  it('give the address that was asked for, and alerts of Suricata', async () => {
    const { items } = await read(
      {
        ...ends,
        destination: { ip: '198.51.100.7', port: 80 },
        event: { dataset: 'zeek.http' },
        url: { domain: 'example.org', original: '/a?b=1' },
      },
      { ...ends, event: { dataset: 'zeek.ssl' }, zeek: { ssl: { server: { name: 'example.org' } } } },
      { ...ends, suricata: { eve: { event_type: 'alert', flow_id: 7 } }, rule: { name: 'ET SCAN', id: '9' } },
      { ...ends, event: { dataset: 'zeek.dns' }, zeek: { dns: { query: 'example.org' } } },
    );
    expect(items).toMatchObject([
      { kind: 'url', url: 'http://example.org/a?b=1', event: 'http', server: '198.51.100.7' },
      { kind: 'url', url: 'https://example.org/', event: 'tls' },
      { kind: 'alert', uid: '7', alert: { signature: 'ET SCAN', signatureId: 9 } },
      { kind: 'other', event: 'dns' },
    ]);
  });

  it('are rejected with the field that is wrong', async () => {
    const { log } = await read({ ...zeek, source: { ip: '10.1.2.300' } });
    expect(log.tally.faults[0].problem).toBe('id_orig_h is "10.1.2.300", not an address');
  });
});

describe('lines with a syslog header', () => {
  it.each([
    '<13>Mar  9 16:05:01 fw suricata[4242]: ',
    'Mar  9 16:05:01 fw suricata[4242]: ',
    '<134>1 2024-03-09T16:05:01Z fw suricata 4242 - - ',
    '<134>1 2024-03-09T16:05:01Z fw suricata 4242 - [origin ip="10.0.0.1"] ',
    '2024-03-09T16:05:01.000Z fw suricata: ',
    '<13>Mar  9 16:05:01 fw suricata: @cee: ',
    '',
  ])('%j are read as the event behind it', async (prefix) => {
    const { flows } = await read(`${prefix}${JSON.stringify(eve)}`, `${prefix}${JSON.stringify(eve)}`);
    expect(flows).toEqual([...(await read(eve)).flows, ...(await read(eve)).flows]);
  });
});

describe('other logs of Zeek', () => {
  const common = { ts: 1710000000.5, uid: 'Ch1', ...dotted };

  it('give the addresses of http.log and ssl.log, with their names or without', async () => {
    const http = { ...common, 'id.resp_p': 80, method: 'GET', host: 'downloads.example.net', uri: '/bins/a' };
    const ssl = { ...common, version: 'TLSv13', cipher: 'x', server_name: 'example.org' };
    for (const wrap of [(entry: object) => entry, (entry: object) => ({ _source: entry })]) {
      const { items } = await read(wrap(http), wrap(ssl), wrap({ ...http, host: undefined, uri: '/' }));
      expect(items).toMatchObject([
        {
          kind: 'url',
          url: 'http://downloads.example.net/bins/a',
          event: 'http',
          uid: 'Ch1',
          ts: 1710000000.5,
          client: '10.1.2.3',
          server: '198.51.100.7',
        },
        { kind: 'url', url: 'https://example.org/', event: 'tls' },
        { kind: 'url', url: 'http://198.51.100.7/' },
      ]);
    }
  });

  it('give the same as TSV', async () => {
    const { items, log } = await read(
      '#separator \\x09',
      '#path\thttp',
      '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tmethod\thost\turi',
      '1710000000.5\tCh1\t10.1.2.3\t50123\t198.51.100.7\t8080\tGET\texample.org\t/a',
      '#path\tssl',
      '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tversion\tserver_name',
      '1710000000.5\tCh2\t10.1.2.3\t50123\t198.51.100.7\t443\tTLSv13\texample.org',
      '1710000000.5\tCh3\t10.1.2.3\t50123\t198.51.100.7\t443\tTLSv13\t-',
    );
    expect(items.filter(({ kind }) => kind === 'url')).toMatchObject([
      { url: 'http://example.org:8080/a', uid: 'Ch1', client: '10.1.2.3', server: '198.51.100.7' },
      { url: 'https://example.org/', uid: 'Ch2', event: 'tls' },
    ]);
    expect(log.tally.counts).toMatchObject({ url: 2, other: 6, fault: 0 });
  });

  it.each<[string, object]>([
    ['dns', { _path: 'dns', ...common, proto: 'udp', query: 'example.org' }],
    ['another log of Zeek', { ...common, proto: 'udp', trans_id: 7, query: 'example.org', qtype: 1 }],
    ['another log of Zeek', { ts: 1, fuid: 'F1', source: 'HTTP', mime_type: 'text/html' }],
    ['another log of Zeek', { ...common, name: 'truncated_header', notice: false }],
  ])('are named %s and passed over', async (event, entry) => {
    const { items } = await read(entry);
    expect(items).toEqual([{ kind: 'other', line: 1, event }]);
  });

  it('are passed over as TSV though they name a protocol', async () => {
    const { log } = await read(
      '#path\tdns',
      '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\ttrans_id\tquery',
      '1710000000.5\tCh1\t10.1.2.3\t50123\t198.51.100.7\t53\tudp\t7\texample.org',
    );
    expect(log.tally.counts).toMatchObject({ flow: 0, other: 3, fault: 0 });
  });
});

describe('what was mended', () => {
  it('is counted, with the first lines of it', async () => {
    const backwards = { ...eve, flow: { ...eve.flow, end: '2024-03-09T15:00:00.000000+0000' } };
    const { log, flows } = await read({ ...conn, 'id.orig_h': 'fe80::1%eth0' }, conn, backwards);
    expect(flows.map(({ duration }) => duration)).toEqual([1.25, 1.25, null]);
    expect(log.tally.mendedCount).toBe(2);
    expect(log.tally.mended).toEqual([
      { line: 1, text: 'id_orig_h is read without its zone "%eth0"' },
      { line: 3, text: 'duration is left out: the end lies before the start' },
    ]);
  });
});
