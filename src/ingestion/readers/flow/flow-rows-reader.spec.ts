import { gzipSync } from 'node:zlib';
import type { ReadRow } from '../row.js';
import { openFlowRows } from './flow-rows-reader.js';

const header = 'ts,uid,id.orig_h,id.orig_p,id.resp_h,id.resp_p,proto,service,duration,label\n';
const flow = '10.5,C1,192.168.1.7,40000,10.0.0.1,23,tcp,,3.0,Malicious\n';

async function read(text: string | Uint8Array, capture = 'lab.csv'): Promise<ReadRow[]> {
  const chunks = (async function* (): AsyncGenerator<Uint8Array | string> {
    yield await Promise.resolve(text);
  })();
  const reader = await openFlowRows(chunks, { columns: { label: 'label', capture: 'capture' }, capture });
  const rows: ReadRow[] = [];
  for await (const row of reader.rows()) rows.push(row);
  expect(reader.columns?.slice(-2)).toEqual(['label', 'capture']);
  return rows;
}

describe('a log of flows as rows of records', () => {
  it('gives each flow its label and the capture that it was seen in', async () => {
    const [row] = await read(header + flow);
    expect(row.line).toBe(2);
    expect((row.values as string[]).slice(-2)).toEqual(['malicious', 'lab.csv']);
    expect((row.values as string[]).slice(0, 3)).toEqual(['10.5', 'C1', '192.168.1.7']);
  });

  it('gives the same rows packed', async () => {
    expect(await read(gzipSync(header + flow), 'lab.csv.gz')).toEqual(await read(header + flow));
  });

  it('leaves the label of a flow empty that has none', async () => {
    const [row] = await read(header + flow.replace('Malicious', '-'));
    expect((row.values as string[]).at(-2)).toBe('');
  });

  it('hands on why a line is no flow', async () => {
    const [, bad] = await read(header + flow + flow.replace('40000', '70000'));
    expect(bad).toMatchObject({ line: 3, code: 'NOT_A_FLOW', problem: 'id_orig_p is "70000", not a port' });
  });

  it('takes an alert about a flow of EVE for a weak label', async () => {
    const common = { timestamp: '2024-01-01T00:00:00.000000+0000', flow_id: 7, src_ip: '10.0.0.1' };
    const event = { ...common, src_port: 1000, dest_ip: '10.0.0.2', dest_port: 80, proto: 'TCP' };
    const alert = { ...event, event_type: 'alert', alert: { signature: 'x', severity: 1 } };
    const over = { ...event, event_type: 'flow', flow: { start: common.timestamp, state: 'closed' } };
    const rows = await read([alert, over].map((each) => JSON.stringify(each)).join('\n'), 'eve.json');
    expect(rows.map(({ values }) => (values as string[]).at(-2))).toEqual(['malicious']);
  });
});
