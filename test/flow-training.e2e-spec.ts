import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cli, Sandbox } from './support/program.js';

const fields = [
  'ts',
  'uid',
  'id.orig_h',
  'id.orig_p',
  'id.resp_h',
  'id.resp_p',
  'proto',
  'service',
  'duration',
];
const header = [
  '#separator \\x09',
  '#path\tconn',
  `#fields\t${[...fields, 'conn_state', 'label'].join('\t')}`,
];

/** A capture in Zeek's own form: one host asks the web, another one tries a port of a new host twice a second. */
function capture(day: number, labels: { bad: string; good: string }): string {
  const lines = Array.from({ length: 120 }, (_, i) => {
    const start = [day * 86_400 + i / 2, `C${day}x${i}`];
    return i % 2
      ? [...start, '10.0.0.66', 40_000 + i, `10.1.${day}.${i}`, 23, 'tcp', '-', '-', 'S0', labels.bad]
      : [...start, '10.0.0.7', 50_000 + i, '93.184.216.34', 443, 'tcp', 'ssl', 1.5, 'SF', labels.good];
  });
  return [...header, ...lines.map((cells) => cells.join('\t'))].join('\n') + '\n';
}

const labelled = { bad: 'Malicious', good: 'Benign' };

describe('training on logs of network flows', () => {
  const sandbox = new Sandbox();
  const run = async (...args: string[]): Promise<Record<string, unknown>> => {
    const { code, stdout, stderr } = await cli([...args, '--json'], sandbox.env);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(sandbox.folder, name);
    writeFileSync(path, content);
    return path;
  };

  afterAll(() => sandbox.remove());

  it('stores what a log labels, and knows it again packed', async () => {
    const log = capture(1, labelled);
    const plain = await run('data', 'push', 'network-flow', file('day-1.log', log));
    expect(plain).toMatchObject({ read: 120, stored: 120, known: 0, rejected: 0 });
    const packed = await run('data', 'push', 'network-flow', file('day-1.log.gz', gzipSync(log)));
    expect(packed).toMatchObject({ read: 120, stored: 0, known: 120, rejected: 0 });
  });

  it('rejects flows without a label', async () => {
    const half = capture(2, { bad: 'Malicious', good: '-' });
    const batch = await run('data', 'push', 'network-flow', file('day-2.log', half));
    expect(batch).toMatchObject({ read: 120, stored: 60, rejected: 60 });
  });

  it('trains a version that tells captures apart that it has not seen', async () => {
    for (let day = 3; day <= 14; day++)
      await run('data', 'push', 'network-flow', file(`day-${day}.log`, capture(day, labelled)));
    const trained = await run('train', 'network-flow', '--promote', 'force');
    expect(trained).toMatchObject({ status: 'succeeded', version: 1 });
    expect((trained.metrics as { rocAuc: number }).rocAuc).toBeGreaterThan(0.99);
  });

  it('says of a flow that nothing like it was learned from', async () => {
    const odd = {
      ...{ ts: 1.7e9, uid: 'odd', id_orig_h: '10.0.0.9', id_orig_p: 22, id_resp_h: '203.0.113.200' },
      ...{ id_resp_p: 6667, proto: 'tcp', service: 'irc', duration: 90_000, conn_state: 'RSTR' },
      ...{ orig_bytes: 9e9, resp_bytes: 4e9, orig_pkts: 9e6, resp_pkts: 4e6, missed_bytes: 5e8 },
      ...{ orig_ip_bytes: 9.5e9, resp_ip_bytes: 4.4e9, history: 'ShADadTtGgCcWwIiQqRrFf' },
    };
    const log = file('odd.json', `${JSON.stringify(odd)}\n`);
    const { code, stdout } = await cli(['score', 'network-flow', log, '--explain'], sandbox.env);
    expect(code).toBe(0);
    const { novelty, reasons } = JSON.parse(stdout);
    expect(novelty).toMatchObject({ isNew: true, quantile: expect.any(Number) });
    expect(reasons.at(-1)).toMatchObject({ feature: 'novelty', value: novelty.score, contribution: 0 });
    expect(reasons.at(-1).text).toMatch(/^nothing like it among the [\d,]+ flows the model learned from/);
  });
});
