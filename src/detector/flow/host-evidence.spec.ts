import type { Flow } from './flow.js';
import { findingsOf, start, times } from './fixtures/evidence.js';
import { aFlow, aKnock, aLookup } from './fixtures/flows.js';
import { HostEvidence } from './host-evidence.js';
import { LocalNetworks } from './local-networks.js';

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
    const { findings, sentences } = findingsOf(
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
    const { sentences } = findingsOf(scan, busyTraffic());
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
    expect(findingsOf(udp, ping).sentences.sort()).toEqual([
      '192.168.1.7 scans hosts (horizontal: port 5060 on 30 hosts in 29 s)',
      'fe80::7 scans hosts (horizontal: pings 30 hosts that do not answer in 29 s)',
    ]);
  });

  it('is reported when it is found, later as it goes on, and once it is over with all that came', () => {
    const { reported } = findingsOf(
      times(600, (i) =>
        aKnock({ ts: start + i * 10, id_resp_h: `10.0.${i >> 8}.${i & 255}`, id_resp_p: 23 }),
      ),
      [aFlow({ ts: start + 9000 })],
    );
    expect(reported.map(({ count }) => count)).toEqual([25, 386, 600]);
  });

  it('is reported with the rest of its flows where the log ends', () => {
    const evidence = new HostEvidence();
    for (const flow of times(300, (i) =>
      aKnock({ ts: start + i / 10, id_resp_h: `10.0.1.${i}`, id_resp_p: 22 }),
    ))
      evidence.add(flow);
    expect(evidence.newFindings().map(({ count }) => count)).toEqual([300]);
    expect(evidence.newFindings(true)).toEqual([]);
    evidence.add(aKnock({ ts: start + 31, id_resp_h: '10.0.9.9', id_resp_p: 22 }));
    expect(evidence.newFindings(true).map(({ count }) => count)).toEqual([301]);
  });

  it('is named however slowly it goes about it', () => {
    const refused = { conn_state: 'REJ', history: 'Sr', resp_pkts: 1, id_orig_h: '198.51.100.66' };
    const ports = times(300, (i) =>
      aKnock({ ts: start + i * 288, ...refused, id_resp_h: '10.0.0.5', id_resp_p: 1 + i * 7 }),
    );
    const hosts = times(200, (i) =>
      aKnock({ ts: start + i * 400, id_orig_h: 'fd00::9', id_resp_h: `fd00::1:${i}`, id_resp_p: 445 }),
    );
    expect(findingsOf(ports, hosts).sentences.sort()).toEqual([
      '198.51.100.66 scans ports (vertical: 300 ports of 10.0.0.5 in 24 h)',
      'fd00::9 scans hosts (horizontal: port 445 on 200 hosts in 22 h)',
    ]);
  });

  it.each([53, 123, 137, 161, 1900, 11_211])('hosts by UDP port %i is named', (port) => {
    const sweep = (source: string, net: string): Flow[] =>
      times(250, (i) =>
        aKnock({
          ...{ ts: start + i / 5, proto: 'udp', history: 'D', orig_bytes: 45, duration: 0 },
          ...{ id_orig_h: source, id_orig_p: 45_000, id_resp_h: `${net}${i + 1}`, id_resp_p: port },
        }),
      );
    expect(findingsOf(sweep('203.0.113.77', '10.0.0.')).sentences).toHaveLength(1);
    expect(findingsOf(sweep('2001:db8::7', 'fd00::')).sentences).toHaveLength(1);
  });

  it('hosts by pings of IPv6 is named', () => {
    const pings = times(200, (i) =>
      aKnock({
        ...{ ts: start + i / 10, proto: 'icmp', conn_state: 'OTH', history: null, id_orig_p: 128 },
        ...{ id_orig_h: '2001:db8::66', id_resp_h: `2001:db8:1::${i.toString(16)}`, id_resp_p: 129 },
      }),
    );
    expect(findingsOf(pings).sentences).toEqual([
      '2001:db8::66 scans hosts (horizontal: pings 200 hosts that do not answer in 20 s)',
    ]);
  });

  it('for open ports is named, though they answer', () => {
    const opened = { conn_state: 'RSTO', history: 'ShR', orig_pkts: 2, resp_pkts: 1 };
    expect(
      findingsOf(
        times(40, (i) => aKnock({ ts: start + i, ...opened, id_resp_h: `10.0.3.${i}`, id_resp_p: 22 })),
      ).sentences,
    ).toEqual(['192.168.1.7 scans hosts (horizontal: port 22 on 40 hosts in 39 s)']);
  });

  it('eleven hosts within half a minute is named, and says what its score is made of', () => {
    const { findings } = findingsOf(
      times(11, (i) => aKnock({ ts: start + i * 2, id_resp_h: `10.0.4.${i}`, id_resp_p: 3389 })),
    );
    expect(findings).toMatchObject([
      {
        kind: 'horizontal-scan',
        count: 11,
        flows: 11,
        score: 1,
        parts: [{ part: 'breadth', points: 1, text: '11 hosts within 30 s not opened' }],
      },
    ]);
  });

  it('from outside a few ports of each of many hosts is named', () => {
    const { findings } = findingsOf(
      times(160, (i) =>
        aKnock({
          ...{ ts: start + i * 20, id_orig_h: '203.0.113.4' },
          ...{ id_resp_h: `10.0.5.${i % 40}`, id_resp_p: 1000 + i * 3 },
        }),
      ),
    );
    expect(findings).toMatchObject([{ kind: 'block-scan', target: null, port: null, count: 160 }]);
  });

  it('counts as direction what the sensor and the operator say', () => {
    const six = times(6, (i) =>
      aKnock({ ts: start + i, id_orig_h: '203.0.113.4', id_resp_h: `198.51.100.${i}`, id_resp_p: 22 }),
    );
    const found = (flows: Flow[], networks?: LocalNetworks): number => {
      const evidence = new HostEvidence({ ...(networks && { networks }), isShort: true });
      flows.forEach((flow) => evidence.add(flow));
      return evidence.findings().length;
    };
    expect(found(six)).toBe(0);
    expect(found(six, new LocalNetworks(['198.51.100.0/24']))).toBe(1);
    expect(found(six.map((flow) => ({ ...flow, local_resp: true })))).toBe(1);
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
      'a web server whose late resets were taken for flows of its own',
      times(60, (i) =>
        aKnock({
          ...{ ts: start + i * 5, conn_state: 'RSTOS0', history: 'R', id_orig_h: '198.51.100.1' },
          ...{ id_orig_p: i % 2 ? 443 : 25, id_resp_h: '192.168.1.2', id_resp_p: 40_000 + i * 31 },
        }),
      ),
    ],
    [
      'a browser whose QUIC is blocked',
      times(60, (i) => i).flatMap((i) => [
        aKnock({
          ...{ ts: start + i, proto: 'udp', history: 'D', orig_pkts: 3, orig_bytes: 3600 },
          ...{ id_resp_h: `198.51.${i}.9`, id_resp_p: 443 },
        }),
        aFlow({ ts: start + i + 0.3, duration: 4, id_resp_h: `198.51.${i}.9` }),
      ]),
    ],
    [
      'a browser whose IPv6 is broken',
      times(80, (i) => i).flatMap((i) => [
        aKnock({
          ...{ ts: start + i, orig_pkts: 3, id_orig_h: '2001:db8:7::5' },
          ...{ id_resp_h: `2a00:${(i * 911).toString(16)}:4::8`, id_resp_p: i % 3 ? 443 : 80 },
        }),
        aFlow({ ts: start + i + 0.3, id_resp_h: `203.0.${i}.9` }),
      ]),
    ],
    [
      'who is seen in one direction only',
      times(80, (i) =>
        aFlow({
          ...{ ts: start + i * 3, id_resp_h: `198.51.100.${i}`, resp_bytes: 0, resp_pkts: 0, service: null },
          ...(i % 3 ? { conn_state: 'SH', history: 'SADF' } : { conn_state: 'S0', history: 'SAD' }),
        }),
      ),
    ],
    [
      'a resolver that is not let out over TCP',
      times(120, (i) => i).flatMap((i) => [
        aLookup({ ts: start + i, id_resp_h: `198.51.${i % 90}.1`, id_orig_h: '192.168.1.53' }),
        aKnock({
          ts: start + i + 0.1,
          id_resp_h: `198.51.${i % 90}.1`,
          id_orig_h: '192.168.1.53',
          id_resp_p: 53,
        }),
      ]),
    ],
    [
      'who shares files with peers most of whom are gone',
      times(300, (i) =>
        aKnock({
          ...{ ts: start + i, id_resp_h: `${20 + (i % 150)}.${i % 9}.7.${i % 200}` },
          ...{ proto: i % 2 ? 'udp' : 'tcp', history: i % 2 ? 'D' : 'S' },
          ...(i % 5 ? { id_resp_p: 20_000 + ((i * 7919) % 40_000) } : { id_resp_p: 6881 }),
          ...(i % 4 === 0 && { conn_state: 'SF', history: i % 2 ? 'Dd' : 'ShADadFf', resp_pkts: 4 }),
        }),
      ),
    ],
    [
      'a monitor whose site is down',
      times(600, (i) =>
        aFlow({
          ...{ ts: start + i / 2, id_resp_h: `10.0.1.${(i % 60) + 1}`, id_resp_p: 5666, service: null },
          ...(i % 60 < 40 && { conn_state: 'S0', history: 'S', orig_bytes: 0, resp_bytes: 0, resp_pkts: 0 }),
        }),
      ),
    ],
    [
      'a monitor that knew its hosts before they went down',
      times(400, (i) =>
        aFlow({
          ...{ ts: start + i, id_resp_h: `10.0.1.${i % 50}`, id_resp_p: 22, service: 'ssh' },
          ...(i >= 100 && { conn_state: 'S0', history: 'S', orig_bytes: 0, resp_bytes: 0, resp_pkts: 0 }),
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
    expect(findingsOf(flows).sentences).toEqual([]);
  });
});

describe('bounds', () => {
  it('a flow without time or hosts is passed over', () => {
    const evidence = new HostEvidence();
    expect(evidence.add(aKnock({ ts: null }))).toEqual([]);
    expect(evidence.add(aKnock({ id_orig_h: null }))).toEqual([]);
  });

  it('ten findings of a host are kept, of 500 hosts, and the hosts of a scan are counted to the end', () => {
    const ports = times(12, (p) =>
      times(25, (i) => aKnock({ ts: start + p + i / 100, id_resp_h: `10.${p}.1.${i}`, id_resp_p: 8000 + p })),
    );
    expect(findingsOf(...ports).findings).toHaveLength(10);
    const wide = findingsOf(
      times(1100, (i) =>
        aKnock({ ts: start + i / 100, id_resp_h: `10.0.${i >> 8}.${i & 255}`, id_resp_p: 23 }),
      ),
    );
    expect(wide.sentences).toEqual(['192.168.1.7 scans hosts (horizontal: port 23 on 1,100 hosts in 11 s)']);
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
    expect(findingsOf(...hosts).findings).toHaveLength(500);
  });
});
