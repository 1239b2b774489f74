import { Readable } from 'node:stream';
import type { Flow } from '../../../detector/flow/flow.js';
import type { FlowLogItem } from './flow-item.js';
import { openFlowLog } from './flow-log.js';

async function read(...lines: string[]) {
  const log = await openFlowLog(Readable.from([Buffer.from(lines.join('\n'))]));
  const items: FlowLogItem[] = [];
  for await (const batch of log.batches()) items.push(...batch);
  expect(log.tally.lines).toBe(lines.length);
  return { log, items, flows: items.flatMap((item) => (item.kind === 'flow' ? [item.flow] : [])) };
}

const netflow = (from: [string, number], to: [string, number], more: object = {}, flags = '1b'): string =>
  JSON.stringify({
    timestamp: '2024-03-09T16:05:00.000000+0000',
    flow_id: 101,
    event_type: 'netflow',
    ...{ src_ip: from[0], src_port: from[1], dest_ip: to[0], dest_port: to[1] },
    ...{ proto: 'TCP', app_proto: 'tls' },
    netflow: {
      ...{ pkts: 10, bytes: 1560, age: 1 },
      start: '2024-03-09T16:00:00.500000+0000',
      end: '2024-03-09T16:00:01.750000+0000',
      ...more,
    },
    tcp: { tcp_flags: flags },
  });

const [client, server]: [string, number][] = [
  ['10.1.2.3', 50123],
  ['198.51.100.7', 443],
];

describe('netflow events of Suricata', () => {
  it('of both directions are one flow, as its flow event would say', async () => {
    const { items, flows } = await read(
      netflow(client, server),
      netflow(server, client, { pkts: 12, bytes: 8788 }),
    );
    expect(flows).toEqual([
      {
        ts: 1710000000.5,
        uid: '101',
        id_orig_h: '10.1.2.3',
        id_orig_p: 50123,
        id_resp_h: '198.51.100.7',
        id_resp_p: 443,
        proto: 'tcp',
        service: 'ssl',
        duration: 1.25,
        orig_bytes: 1560,
        resp_bytes: 8788,
        conn_state: 'SF',
        missed_bytes: null,
        history: 'ShADadFf',
        orig_pkts: 10,
        orig_ip_bytes: 1420,
        resp_pkts: 12,
        resp_ip_bytes: 8620,
        label: null,
        detailed_label: null,
        local_orig: null,
        local_resp: null,
      },
    ]);
    expect(items.map(({ line, kind }) => [line, kind])).toEqual([
      [1, 'other'],
      [2, 'flow'],
    ]);
  });

  it('are joined whichever comes first, and with others in between', async () => {
    const { flows } = await read(
      netflow(server, client, { pkts: 12 }),
      netflow(['10.1.2.4', 50000], server),
      netflow(client, server),
      netflow(server, ['10.1.2.4', 50000]),
    );
    expect(flows.map(({ id_orig_h, orig_pkts, resp_pkts }) => [id_orig_h, orig_pkts, resp_pkts])).toEqual([
      ['10.1.2.3', 10, 12],
      ['10.1.2.4', 10, 10],
    ]);
  });

  it('of one direction are a flow that nobody answered', async () => {
    const { flows } = await read(netflow(client, server, { pkts: 1, bytes: 74 }, '02'));
    expect(flows).toMatchObject([
      { conn_state: 'S0', history: 'S', orig_ip_bytes: 60, resp_pkts: 0, resp_bytes: 0, id_resp_p: 443 },
    ]);
  });

  it('of one direction that acknowledges say that it was answered out of sight', async () => {
    const { flows } = await read(netflow(client, server, {}, '1a'));
    expect(flows).toMatchObject([{ history: 'SAD' }]);
  });

  it('do not wait for ever for their other half', async () => {
    const later = { start: '2024-03-09T16:10:00.500000+0000', end: '2024-03-09T16:10:01.750000+0000' };
    const { items } = await read(
      netflow(client, server),
      netflow(['10.1.2.4', 50000], server, later),
      netflow(server, client, later),
    );
    expect(items.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(items.every(({ kind }) => kind === 'flow')).toBe(true);
  });

  it('are rejected with the field that is wrong, each by its line', async () => {
    const { log } = await read(netflow(client, server), netflow(server, client, { pkts: -1 }));
    expect(log.tally.faults.map(({ line, problem }) => [line, problem])).toEqual([
      [2, 'orig_pkts is -1, not a number from 0 on'],
    ]);
  });
});

const picked = (flows: Flow[], ...fields: (keyof Flow)[]): unknown[][] =>
  flows.map((flow) => fields.map((field) => flow[field]));

describe('flow logs of AWS VPC', () => {
  const v2 = (from: string, to: string, rest: string): string =>
    `2 123456789010 eni-1235b8ca123456789 ${from} ${to} ${rest}`;

  it('of version 2 without a header have both directions joined, whatever their order', async () => {
    const { log, flows } = await read(
      v2('198.51.100.7', '10.0.0.5', '443 50123 6 12 8620 1710000000 1710000050 ACCEPT OK'),
      v2('10.0.0.5', '198.51.100.7', '50123 443 6 10 1420 1710000000 1710000058 ACCEPT OK'),
      v2('203.0.113.9', '10.0.0.5', '40000 22 6 1 60 1710000000 1710000059 REJECT OK'),
      v2('-', '-', '- - - - - 1710000000 1710000060 - NODATA'),
    );
    expect(log.format).toBe('vpc-flow-log');
    expect(
      picked(flows, 'id_orig_h', 'id_resp_p', 'proto', 'orig_bytes', 'resp_bytes', 'conn_state'),
    ).toEqual([
      ['10.0.0.5', 443, 'tcp', 1020, 8140, null],
      ['203.0.113.9', 22, 'tcp', 20, 0, 'S0'],
    ]);
    expect(flows[0]).toMatchObject({ ts: 1710000000, duration: 58, orig_pkts: 10, resp_ip_bytes: 8620 });
    expect(Object.fromEntries(log.tally.events)).toEqual({ nodata: 1, 'joined direction': 1 });
  });

  it('of later versions are read by their header', async () => {
    const { flows } = await read(
      'srcaddr dstaddr srcport dstport protocol packets bytes start end tcp-flags pkt-srcaddr pkt-dstaddr',
      '10.0.1.9 203.0.113.9 40000 22 6 1 60 1710000000 1710000059 2 10.0.0.5 203.0.113.9',
    );
    expect(picked(flows, 'id_orig_h', 'conn_state', 'history')).toEqual([['10.0.0.5', 'S0', 'S']]);
  });

  it('report rows that are cut off', async () => {
    const { log } = await read(
      v2('10.0.0.5', '198.51.100.7', '50123 443 17 10 1420 1710000000 1710000058 ACCEPT OK'),
      v2('10.0.0.5', '198.51.100.7', '50123'),
    );
    expect(log.tally.faults).toMatchObject([{ line: 2, code: 'WRONG_FIELD_COUNT' }]);
  });
});

describe("nfdump's CSV", () => {
  const old = 'ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out';

  it('of version 1.6 has its directions joined, and its summary passed over', async () => {
    const { log, flows } = await read(
      old,
      '2024-03-09 16:00:00,2024-03-09 16:00:01,1.250,10.1.2.3,198.51.100.7,50123,443,TCP,...AP.SF,0,0,10,1420,0,0,1,2',
      '2024-03-09 16:00:00,2024-03-09 16:00:01,1.200,198.51.100.7,10.1.2.3,443,50123,TCP,...AP.SF,0,0,12,8620,0,0,2,1',
      '2024-03-09 16:00:02,2024-03-09 16:00:02,0.000,10.1.2.3,198.51.100.9,0,8.0,ICMP,........,0,0,1,84,0,0,1,2',
      'Summary',
      'flows,bytes,packets,avg_bps,avg_pps,avg_bpp',
      '3,10124,23,1,2,3',
    );
    expect(log.format).toBe('nfdump');
    expect(picked(flows, 'id_orig_h', 'id_orig_p', 'id_resp_p', 'proto', 'conn_state', 'history')).toEqual([
      ['10.1.2.3', 50123, 443, 'tcp', 'SF', 'ShADadFf'],
      ['10.1.2.3', 8, 0, 'icmp', 'OTH', null],
    ]);
    expect(flows[0]).toMatchObject({ ts: 1710000000, duration: 1.25, orig_bytes: 1020, resp_bytes: 8140 });
    expect(log.tally.counts.fault).toBe(0);
  });

  it('that nfdump has joined itself is read as it is', async () => {
    const { flows } = await read(
      old,
      '2024-03-09 16:00:00,2024-03-09 16:00:01,1.250,10.1.2.3,198.51.100.7,50123,53,UDP,........,0,0,1,68,1,108,1,2',
    );
    expect(picked(flows, 'conn_state', 'orig_bytes', 'resp_bytes', 'resp_pkts')).toEqual([['SF', 40, 80, 1]]);
  });

  it('of version 1.7 is read by its names', async () => {
    const { flows } = await read(
      'firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,bpp,flows',
      '2024-03-09 16:00:00.500,1.250,TCP,10.1.2.3,50123,198.51.100.7,443,1,60,60,1',
    );
    expect(picked(flows, 'ts', 'id_resp_p', 'conn_state', 'resp_pkts')).toEqual([
      [1710000000.5, 443, 'S0', 0],
    ]);
  });
});

describe('binetflow of CTU-13', () => {
  const header =
    'StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label';

  it('has states, histories and labels in the terms of others', async () => {
    const { log, flows } = await read(
      header,
      '2011/08/10 09:46:53.047277,3550.182373,udp,212.50.71.179,39678,  <->,147.32.84.229,13363,CON,0,0,12,875,413,flow=Background-UDP-Established',
      '2011/08/10 09:46:54,1.5,tcp,147.32.84.165,1027,   ->,74.125.232.195,80,FSPA_FSPA,0,0,10,4000,1000,flow=From-Botnet-V42-TCP-HTTP-Google',
      '2011/08/10 09:46:55,0,tcp,147.32.84.165,1028,   ->,60.190.223.75,888,S_,0,,1,74,74,flow=From-Normal-V42-Stribrek',
      '2011/08/10 09:46:56,0,icmp,147.32.84.165,0x0008,   ->,60.190.223.75,0x0003,ECO,0,,1,74,74,flow=Background',
      '2011/08/10 09:46:57,0,arp,147.32.84.165,,   who,147.32.84.1,,CON,,,1,60,60,flow=Background',
    );
    expect(log.format).toBe('binetflow');
    expect(picked(flows, 'proto', 'conn_state', 'history', 'orig_bytes', 'resp_bytes', 'label')).toEqual([
      ['udp', 'SF', 'Dd', 413, 462, 'background'],
      ['tcp', 'SF', 'ShADadFf', 1000, 3000, 'botnet'],
      ['tcp', 'S0', 'S', 20, 0, 'normal'],
      ['icmp', 'OTH', null, 32, 0, 'background'],
    ]);
    expect(flows[1].detailed_label).toBe('flow=From-Botnet-V42-TCP-HTTP-Google');
    expect(flows[0].ts).toBe(1312969613.047277);
    expect(picked(flows.slice(2), 'id_orig_p', 'id_resp_p', 'orig_pkts', 'resp_pkts')).toEqual([
      [1028, 888, 1, 0],
      [8, 3, 1, 0],
    ]);
    expect(Object.fromEntries(log.tally.events)).toEqual({ header: 1, arp: 1 });
  });

  it('reports a damaged row by its line', async () => {
    const { log } = await read(
      header,
      '2011/02/30 09:46:54,1,tcp,1.2.3.4,1,->,1.2.3.5,80,S_,0,,1,74,74,flow=x',
    );
    expect(log.tally.faults).toMatchObject([{ line: 2, problem: 'ts is "2011/02/30 09:46:54", not a time' }]);
  });
});
