import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { type FlowLogOptions, openFlowLog } from './flow-log.js';
import type { FlowLogItem } from './flow-item.js';

const header = [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  '#path\tconn',
  '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents',
];
const dns =
  '1600000000.250000\tCa\t10.0.0.7\t5353\t10.0.0.1\t53\tudp\tdns\t0.01\t40\t80\tSF\t0\tDd\t1\t68\t1\t108\t-';
const knock =
  '1600000001.5\tCb\tfe80::1\t40000\t2001:db8::5\t23\ttcp\t-\t-\t-\t-\tS0\t0\tS\t1\t60\t0\t0\t(empty)';

async function read(input: string | Buffer, options?: FlowLogOptions) {
  const log = await openFlowLog(Readable.from(pieces(Buffer.from(input))), options);
  const items: FlowLogItem[] = [];
  for await (const batch of log.batches()) items.push(...batch);
  return { log, items, flows: items.flatMap((item) => (item.kind === 'flow' ? [item.flow] : [])) };
}

/** Cut anywhere, as a socket would. */
function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 97) yield bytes.subarray(at, at + 97);
}

const lines = (...all: string[]): string => all.join('\n') + '\n';

describe("Zeek's conn.log as TSV", () => {
  it('reads by its #fields, with - and (empty) as unset', async () => {
    const { log, flows } = await read(lines(...header, dns, knock, '#close\t2020'));
    expect(log.format).toBe('zeek-tsv');
    expect(flows[0]).toEqual({
      ts: 1600000000.25,
      uid: 'Ca',
      id_orig_h: '10.0.0.7',
      id_orig_p: 5353,
      id_resp_h: '10.0.0.1',
      id_resp_p: 53,
      proto: 'udp',
      service: 'dns',
      duration: 0.01,
      orig_bytes: 40,
      resp_bytes: 80,
      conn_state: 'SF',
      missed_bytes: 0,
      history: 'Dd',
      orig_pkts: 1,
      orig_ip_bytes: 68,
      resp_pkts: 1,
      resp_ip_bytes: 108,
      label: null,
      detailed_label: null,
      local_orig: null,
      local_resp: null,
    });
    expect(flows[1]).toMatchObject({ id_orig_h: 'fe80::1', service: null, duration: null, orig_bytes: null });
    expect(log.tally.counts).toEqual({ flow: 2, url: 0, alert: 0, other: 7, fault: 0 });
  });

  it('takes #fields that change in mid-file, another separator, other marks and escapes', async () => {
    const { flows } = await read(
      lines(
        ...header,
        dns,
        '#separator |',
        '#unset_field|?',
        '#fields|proto|ts|uid|id.resp_h|id.orig_h|service',
        'tcp|5|C\\x7cx|10.0.0.2|10.0.0.3|?',
      ),
    );
    expect(flows).toHaveLength(2);
    expect(flows[1]).toMatchObject({
      ts: 5,
      uid: 'C|x',
      id_orig_h: '10.0.0.3',
      service: null,
      id_resp_p: null,
    });
  });

  it('takes the three columns that IoT-23 has parted by blanks apart', async () => {
    const { flows } = await read(
      lines(
        '#fields\tts\tid.orig_h\tid.resp_h\tproto\ttunnel_parents   label   detailed-label',
        '1\t10.0.0.1\t10.0.0.2\ttcp\t-   Malicious   C&C',
      ),
    );
    expect(flows[0]).toMatchObject({ label: 'malicious', detailed_label: 'C&C' });
  });

  it('passes over the other logs of a sensor', async () => {
    const { log } = await read(lines('#path\tdns', '#fields\tts\tquery', '1\texample.org'));
    expect(log.tally.counts.other).toBe(3);
    expect(Object.fromEntries(log.tally.events)).toEqual({ header: 2, dns: 1 });
  });
});

describe('damaged lines', () => {
  it('are counted with line and reason, and stop nothing', async () => {
    const { log, flows } = await read(
      lines(
        ...header,
        dns.replace('\t53\t', '\t70000\t'),
        dns.slice(0, 60),
        dns.replace('1600000000.250000', '-'),
        '',
        dns.replace('10.0.0.1', 'gateway'),
        knock,
      ),
    );
    expect(flows.map(({ uid }) => uid)).toEqual(['Cb']);
    expect(log.tally.faults.map(({ line, code, problem }) => [line, code, problem])).toEqual([
      [7, 'BAD_VALUE', 'id_resp_p is "70000", not a port'],
      [8, 'WRONG_FIELD_COUNT', '10 columns where #fields names 19'],
      [9, 'MISSING_FIELD', 'ts is missing'],
      [11, 'BAD_VALUE', 'id_resp_h is "gateway", not an address'],
    ]);
    expect(log.tally.faultsByCode).toEqual({ BAD_VALUE: 2, WRONG_FIELD_COUNT: 1, MISSING_FIELD: 1 });
  });

  it('are counted in full and kept up to a hundred', async () => {
    const { log } = await read(lines(...header, ...new Array<string>(250).fill('x'), dns));
    expect(log.tally.faultsByCode).toEqual({ WRONG_FIELD_COUNT: 250 });
    expect(log.tally.faults).toHaveLength(100);
    expect(log.tally.counts.flow).toBe(1);
  });

  it('include lines without a header before them and lines too long', async () => {
    const { log } = await read(lines('#path\tconn', dns, ...header, 'y'.repeat(5000), dns), {
      maxLineBytes: 1000,
    });
    expect(log.tally.faultsByCode).toEqual({ NO_HEADER: 1, ROW_TOO_LONG: 1 });
    expect(log.tally.counts.flow).toBe(1);
  });

  it('include broken JSON, other JSON and a line in the middle of being written', async () => {
    const zeek = '{"ts":1,"id.orig_h":"10.0.0.1","id.resp_h":"10.0.0.2","proto":"tcp"}';
    const { log } = await read(lines(zeek, '[1]', '{"a":1}', zeek) + zeek.slice(0, 30));
    expect(log.tally.counts).toMatchObject({ flow: 2, fault: 3 });
    expect(log.tally.faultsByCode).toEqual({ NOT_AN_OBJECT: 2, UNKNOWN_RECORD: 1 });
  });

  it('include JSON that is nested too deep, and reading goes on behind it', async () => {
    const zeek = '{"ts":1,"id.orig_h":"10.0.0.1","id.resp_h":"10.0.0.2","proto":"tcp"}';
    const deep = `{"ts":1,"a":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    const { log } = await read(lines(zeek, deep, zeek));
    expect(log.tally.counts).toMatchObject({ flow: 2, fault: 1 });
    expect(log.tally.faults).toMatchObject([
      { line: 2, code: 'NOT_AN_OBJECT', problem: 'not a JSON object: nested more than 64 levels deep' },
    ]);
  });
});

describe('gzip', () => {
  it('is unpacked, in several members too', async () => {
    const { flows } = await read(Buffer.concat([gzipSync(lines(...header, dns)), gzipSync(lines(knock))]));
    expect(flows.map(({ uid }) => uid)).toEqual(['Ca', 'Cb']);
  });

  it('that is cut off gives what is whole and says where it ends', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => dns.replace('Ca', `C${(i * 7919) % 3001}`));
    const whole = gzipSync(lines(...header, ...many));
    const { log, flows } = await read(whole.subarray(0, whole.length / 2));
    expect(flows.length).toBeGreaterThan(100);
    expect(flows.length).toBeLessThan(3000);
    expect(log.tally.faultsByCode.CUT_OFF).toBe(1);
  });

  it('from elsewhere may unpack to 256 KiB whatever it is packed to, and to a hundred times its bytes', async () => {
    const mostUnpacked = 10 * 2 ** 20;
    const repeated = (bytes: number): string => {
      const most = Math.floor((bytes - lines(...header).length) / (knock.length + 1));
      return lines(...header, ...new Array<string>(most).fill(knock));
    };
    const small = await read(gzipSync(repeated(256 * 1024)), { mostUnpacked });
    expect(small.flows.length).toBeGreaterThan(2000);
    const bomb = gzipSync(repeated(4 * 2 ** 20));
    await expect(read(bomb, { mostUnpacked })).rejects.toMatchObject({
      code: 'INPUT_TOO_LARGE',
      message: expect.stringContaining('256 KiB and 100 times its packed bytes'),
    });
    expect((await read(bomb)).flows.length).toBeGreaterThan(30_000);
    const varied = Array.from({ length: 20_000 }, (_, i) => dns.replace('Ca', `C${(i * 7919) % 20_011}`));
    const honest = gzipSync(lines(...header, ...varied));
    expect((await read(honest, { mostUnpacked })).flows).toHaveLength(20_000);
    await expect(read(honest, { mostUnpacked: 2 ** 20 })).rejects.toMatchObject({
      code: 'INPUT_TOO_LARGE',
      message: expect.stringContaining('1 MB (UPLOAD_LIMIT_MB)'),
    });
  });

  it('that was unpacked before is not unpacked again, and says what was wrong with it', async () => {
    const { log, flows } = await read(lines(...header, dns), { unpacked: { damage: 'it ends too soon' } });
    expect(flows).toHaveLength(1);
    expect(log.tally.faults).toMatchObject([
      { code: 'CUT_OFF', problem: expect.stringContaining('too soon') },
    ]);
    const twice = gzipSync(gzipSync(lines(...header, dns)));
    await expect(read(twice, { unpacked: { damage: null } })).rejects.toMatchObject({ code: 'BINARY_INPUT' });
  });
});

describe('other formats', () => {
  it('reads conn.log as JSON lines by dotted and by underscored names, with ISO and millisecond times', async () => {
    const { log, flows } = await read(
      lines(
        '{"ts":"2020-09-13T12:26:40.250000Z","uid":"C1","id.orig_h":"10.0.0.1","id.resp_h":"10.0.0.2","id.resp_p":22,"proto":"tcp"}',
        '{"ts":1600000000250,"uid":"C2","id_orig_h":"10.0.0.1","id_resp_h":"10.0.0.2","id_resp_p":22,"proto":"TCP"}',
      ),
    );
    expect(log.format).toBe('json-lines');
    expect(flows.map(({ ts, id_resp_p, proto }) => [ts, id_resp_p, proto])).toEqual([
      [1600000000.25, 22, 'tcp'],
      [1600000000.25, 22, 'tcp'],
    ]);
  });

  it('reads the CSV of IoT-23: empty is unset, labels in lower case, quoted commas', async () => {
    const { log, flows } = await read(
      'ts,uid,id.orig_h,id.orig_p,id.resp_h,id.resp_p,proto,service,tunnel_parents,label,detailed-label\r\n' +
        '1537522822.965530,C1,0.0.0.0,68,255.255.255.255,67,udp,,"Ca,Cb",Benign,-\r\n',
    );
    expect(log.format).toBe('zeek-csv');
    expect(flows[0]).toMatchObject({ service: null, label: 'benign', detailed_label: null, id_resp_p: 67 });
  });

  it('refuses what is no log', async () => {
    await expect(read('name,age\nAnn,4\n')).rejects.toMatchObject({ code: 'UNKNOWN_FORMAT' });
    await expect(read('')).rejects.toMatchObject({ code: 'EMPTY_INPUT' });
  });
});
