import type { Flow } from './flow.js';
import { aFlow, aKnock, aLookup } from './fixtures/flows.js';
import { FlowWindow } from './flow-window.js';
import { HostEvidence } from './host-evidence.js';
import { describeFinding } from './host-finding.js';

const start = 1_600_000_000;

/** Puts flows in the order in which a sensor would log them, and takes them in. */
function judge(...groups: Flow[][]) {
  const flows = groups.flat().sort((a, b) => a.ts! + (a.duration ?? 0) - b.ts! - (b.duration ?? 0));
  const [window, evidence] = [new FlowWindow({ hosts: 1024, pairs: 4096 }), new HostEvidence()];
  const reported = flows.flatMap((flow) => evidence.add(flow, window.observe(flow)).grown);
  return { reported, findings: evidence.findings(), sentences: evidence.findings().map(describeFinding) };
}

const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** Office life: web, names, a mail server with many clients, clocks, shouts to everyone. */
const busyTraffic = (): Flow[] => [
  ...times(400, (i) => aFlow({ ts: start + i * 0.5, uid: `web${i}`, id_resp_h: `203.0.113.${i % 200}` })),
  ...times(300, (i) =>
    aFlow({
      ts: start + i,
      uid: `mail${i}`,
      id_orig_h: `192.168.2.${i % 250}`,
      id_resp_h: '192.168.1.25',
      id_resp_p: 25,
    }),
  ),
  ...times(300, (i) => aLookup({ ts: start + i, uid: `dns${i}`, id_orig_h: '192.168.1.8' })),
  ...times(20, (i) =>
    aLookup({ ts: start + i * 64, uid: `ntp${i}`, id_resp_h: '198.51.100.1', id_resp_p: 123 }),
  ),
  ...times(40, (i) =>
    aKnock({
      ts: start + i * 5,
      proto: 'udp',
      history: 'D',
      id_resp_h: '239.255.255.250',
      id_resp_p: 1900 + i,
    }),
  ),
];

describe('who scans', () => {
  it('ports of one host is named, and nobody else', () => {
    const scan = times(87, (i) =>
      aKnock({
        ts: start + i * (40 / 86),
        uid: `scan${i}`,
        id_resp_h: '10.0.0.5',
        id_resp_p: 20 + i,
        conn_state: i % 2 ? 'REJ' : 'S0',
      }),
    );
    const { findings, sentences } = judge(
      scan,
      busyTraffic().map((flow) => ({
        ...flow,
        id_orig_h: flow.id_orig_h === '192.168.1.7' ? '192.168.1.9' : flow.id_orig_h,
      })),
    );
    expect(sentences).toEqual(['192.168.1.7 scans ports (vertical: 87 ports of 10.0.0.5 in 40 s)']);
    expect(findings[0].uids).toHaveLength(40);
    expect(findings[0].uids.slice(0, 2)).toEqual(['scan0', 'scan1']);
    expect(findings[0].uids[39]).toBe('scan86');
  });

  it('hosts for one port is named though it browses as well', () => {
    const scan = times(214, (i) =>
      aKnock({ ts: start + i * 0.3, uid: `s${i}`, id_resp_h: `10.0.1.${i}`, id_resp_p: 23 }),
    );
    const { sentences } = judge(scan, busyTraffic());
    expect(sentences).toEqual(['192.168.1.7 scans hosts (horizontal: port 23 on 214 hosts in 64 s)']);
  });

  it('hosts by UDP or by ping is named, and by IPv6', () => {
    const udp = times(30, (i) =>
      aKnock({ ts: start + i, proto: 'udp', history: 'D', id_resp_h: `10.0.1.${i}`, id_resp_p: 5060 }),
    );
    const ping = times(30, (i) =>
      aKnock({
        ts: start + i,
        proto: 'icmp',
        conn_state: 'OTH',
        history: null,
        id_orig_h: 'fe80::7',
        id_orig_p: 8,
        id_resp_h: `fd00::${i}`,
        id_resp_p: 0,
      }),
    );
    expect(judge(udp, ping).sentences.sort()).toEqual([
      '192.168.1.7 scans hosts (horizontal: port 5060 on 30 hosts in 29 s)',
      'fe80::7 scans hosts (horizontal: pings 30 hosts that do not answer in 29 s)',
    ]);
  });

  it('is told at the threshold and again when it has doubled', () => {
    const { reported } = judge(
      times(110, (i) => aKnock({ ts: start + i, id_resp_h: `10.0.1.${i}`, id_resp_p: 23 })),
    );
    expect(reported.map(({ count }) => count)).toEqual([25, 50, 100]);
  });

  it('more slowly than 25 hosts in 5 min is not', () => {
    expect(
      judge(times(100, (i) => aKnock({ ts: start + i * 15, id_resp_h: `10.0.1.${i}`, id_resp_p: 23 })))
        .reported,
    ).toEqual([]);
  });
});

describe('who does not scan', () => {
  it.each<[string, Flow[]]>([
    ['an office', busyTraffic()],
    [
      'a resolver without a network',
      times(500, (i) =>
        aLookup({
          ts: start + i / 10,
          id_resp_h: `198.51.${i % 100}.${i % 7}`,
          conn_state: 'S0',
          history: 'D',
          resp_pkts: 0,
        }),
      ),
    ],
    [
      'a client whose resolver is silent',
      times(900, (i) => aLookup({ ts: start + i / 20, conn_state: 'S0', history: 'D', resp_pkts: 0 })),
    ],
    [
      'a browser half of whose many hosts are slow',
      times(90, (i) =>
        aFlow({
          ts: start + i,
          id_resp_h: `203.0.113.${i}`,
          ...(i % 3 === 0 && { conn_state: 'S0', resp_pkts: 0 }),
        }),
      ),
    ],
    [
      'a server whose answers were taken for questions',
      times(60, (i) =>
        aKnock({
          ts: start + i,
          id_orig_p: 443,
          id_resp_h: '10.0.0.5',
          id_resp_p: 40_000 + i,
          conn_state: 'SHR',
          history: '^h',
        }),
      ),
    ],
    [
      'a device that answers searches',
      times(60, (i) =>
        aKnock({
          ts: start + i,
          proto: 'udp',
          history: 'D',
          id_orig_p: 1900,
          id_resp_h: '10.0.0.5',
          id_resp_p: 40_000 + i,
        }),
      ),
    ],
    [
      'a traceroute',
      times(90, (i) =>
        aKnock({
          ts: start + i / 10,
          proto: 'udp',
          history: 'D',
          id_resp_h: '198.51.100.9',
          id_resp_p: 33_434 + i,
        }),
      ),
    ],
    [
      'a watch over many servers',
      times(60, (i) =>
        aFlow({ ts: start + i, id_resp_h: `10.0.2.${i}`, orig_bytes: 0, resp_bytes: 0, conn_state: 'SF' }),
      ),
    ],
  ])('%s', (_, flows) => {
    expect(judge(flows).sentences).toEqual([]);
  });
});

describe('who comes back like a clock', () => {
  const visits = (gap: (i: number) => number, changes: Partial<Flow> = {}) => {
    let ts = start;
    return times(24, (i) =>
      aFlow({ ts: (ts += gap(i)), uid: `b${i}`, id_resp_h: '198.51.100.4', ...changes }),
    );
  };

  it('is named with its interval', () => {
    const { findings } = judge(visits((i) => 60 + (i % 3) - 1));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      kind: 'beacon',
      host: '192.168.1.7',
      target: '198.51.100.4',
      port: 443,
    });
    expect(findings[0].interval).toBeCloseTo(60, 0);
    expect(describeFinding(findings[0])).toMatch(
      /^192\.168\.1\.7 beacons to 198\.51\.100\.4:443 every 60 s \(22 times in 2\d min\)$/,
    );
  });

  it.each([
    ['a person is not', visits((i) => [5, 90, 14, 300, 2][i % 5])],
    ['a watch within the network is not', visits(() => 60, { id_resp_h: '192.168.1.3' })],
    ['a clock that is set is not', visits(() => 64, { id_resp_p: 123, proto: 'udp' })],
    ['a transfer of many connections is not', visits(() => 1)],
  ])('%s', (_, flows) => {
    expect(judge(flows).sentences).toEqual([]);
  });
});

describe('who floods', () => {
  it('is named, and not whom it floods', () => {
    const flows = times(1500, (i) =>
      aKnock({ ts: start + i * 0.02, uid: `f${i}`, id_resp_h: '203.0.113.9', id_resp_p: 80 }),
    );
    const answers = times(50, (i) =>
      aFlow({ ts: start + i, id_orig_h: '203.0.113.9', id_resp_h: '203.0.113.8' }),
    );
    expect(judge(flows, answers).sentences).toEqual([
      '192.168.1.7 floods 203.0.113.9:80 (1,500 tcp flows without an answer in 30 s)',
    ]);
  });

  it('a client that is answered a thousand times a minute is not', () => {
    expect(judge(times(1500, (i) => aFlow({ ts: start + i * 0.02 }))).sentences).toEqual([]);
  });
});

describe('bounds', () => {
  it('a flow without time or hosts is passed over', () => {
    const evidence = new HostEvidence();
    expect(evidence.add(aKnock({ ts: null }), null).tallies).toEqual([]);
    expect(evidence.add(aKnock({ id_orig_h: null }), null).tallies).toEqual([]);
  });

  it('ten findings of a host are kept, of 500 hosts, and 1,024 hosts of a scan are distinguished', () => {
    const ports = times(12, (p) =>
      times(25, (i) => aKnock({ ts: start + p + i / 100, id_resp_h: `10.${p}.1.${i}`, id_resp_p: 8000 + p })),
    );
    expect(judge(...ports).findings).toHaveLength(10);
    const wide = judge(
      times(1100, (i) =>
        aKnock({ ts: start + i / 100, id_resp_h: `10.0.${i >> 8}.${i & 255}`, id_resp_p: 23 }),
      ),
    );
    expect(wide.sentences).toEqual([
      '192.168.1.7 scans hosts (horizontal: port 23 on at least 1,024 hosts in 11 s)',
    ]);
    const hosts = times(520, (h) =>
      times(25, (i) =>
        aKnock({
          ts: start + h + i / 100,
          id_orig_h: `172.16.${h >> 8}.${h & 255}`,
          id_resp_h: `10.0.0.${i}`,
          id_resp_p: 23,
        }),
      ),
    );
    expect(judge(...hosts).findings).toHaveLength(500);
  });
});
