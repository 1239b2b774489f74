import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { flowSandbox } from './support/flows.js';
import { cli, type Sandbox, Server } from './support/program.js';

type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- the assertions say what answers have

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
const more = ['orig_bytes', 'resp_bytes', 'conn_state', 'history', 'orig_pkts', 'resp_pkts'];
const header = `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\t${[...fields, ...more].join('\t')}\n`;

/** A web request that came to its end, a tenth of a second after the one before it. */
const visit = (i: number): string =>
  `${1.7e9 + i / 10}\tV${i}\t10.0.0.${10 + (i % 8)}\t${40_000 + i}\t203.0.113.${i % 5}\t443\ttcp\tssl\t1.5\t900\t8000\tSF\tShADadfF\t9\t12`;
/** A connection that nobody answered. */
const probe = (i: number, target: string, port: number): string =>
  `${1.7e9 + i / 10 + 0.05}\tP${i}\t10.0.0.66\t${50_000 + i}\t${target}\t${port}\ttcp\t-\t-\t-\t-\tS0\tS\t1\t0`;

/** Visits of eight hosts, and between them one host that tries a port of many hosts, or many ports of a host. */
const log = (probeOf: (i: number) => string): string =>
  header + Array.from({ length: 120 }, (_, i) => `${visit(i)}\n${probeOf(i)}\n`).join('');
const horizontal = log((i) => probe(i, `10.0.1.${i}`, 23));
const vertical = log((i) => probe(i, '10.0.1.7', 1 + i));

describe('flows', () => {
  let sandbox: Sandbox;
  let server: Server;

  beforeAll(async () => {
    sandbox = await flowSandbox();
    server = await Server.start(sandbox.env);
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  const score = (body: object): request.Test => request(server.url).post('/v1/score/flow').send(body);
  const flow = {
    ts: 1.7e9,
    'id.orig_h': '10.0.0.5',
    'id.orig_p': 49152,
    'id.resp_h': '203.0.113.9',
    'id.resp_p': 443,
    proto: 'tcp',
  };

  it('are scored one at a time without context, and several in each other’s', async () => {
    const { body: alone } = await score({ flow }).expect(200);
    expect(alone).toMatchObject({ verdict: expect.any(String), context: 'alone', decidedBy: 'model' });
    expect(alone.probability).toBeGreaterThanOrEqual(0);
    expect(alone.novelty).toEqual({
      score: expect.any(Number),
      quantile: expect.any(Number),
      isNew: expect.any(Boolean),
    });
    const flows = Array.from({ length: 60 }, (_, i) => ({
      ...flow,
      ts: 1.7e9 + i,
      'id.resp_h': `10.0.1.${i}`,
      'id.resp_p': 23,
      conn_state: 'S0',
    }));
    const { body: many } = await score({ flows }).expect(200);
    expect(many.verdicts).toHaveLength(60);
    expect(many.verdicts.every(({ context }: Body) => context === 'request')).toBe(true);
    for (const { verdict, findings } of many.verdicts as Body[]) {
      expect([verdict === 'benign', findings[0].kind]).toEqual([false, 'horizontal-scan']);
    }
    expect(many.hosts.map(({ host, kind }: Body) => [host, kind])).toEqual([['10.0.0.5', 'horizontal-scan']]);
  });

  it('get the same verdicts by both routes, in any grouping and order of what was scored before', async () => {
    const probes = Array.from({ length: 60 }, (_, i) => ({
      ...flow,
      uid: `Q${i}`,
      ts: 1.7e9 + i,
      'id.resp_p': 1 + i,
      conn_state: 'S0',
    }));
    const bare = ({ body: { verdicts, hosts } }: request.Response): object => ({
      verdicts: (verdicts as Body[]).map((verdict) => ({ ...verdict, id: '' })),
      hosts,
    });
    const records = (body: object): request.Test =>
      request(server.url).post('/v1/score/network-flow').send(body);
    const first = bare(await score({ flows: probes }).expect(200));
    const alone = (await records({ record: probes[30] }).expect(200)).body;
    for (const record of [...probes].reverse()) await records({ record }).expect(200);
    await score({ flows: probes.slice(20, 40) }).expect(200);
    expect(bare(await records({ records: probes }).expect(200))).toEqual(first);
    expect(bare(await score({ flows: probes }).expect(200))).toEqual(first);
    expect((await score({ flow: probes[30] }).expect(200)).body).toEqual({
      ...alone,
      id: expect.any(String),
    });
    expect(first).toMatchObject({ hosts: [{ kind: 'vertical-scan', count: 60 }] });
  });

  it.each([
    [{ flow: { ...flow, 'id.resp_p': 'web' } }, 'flow.id_resp_p'],
    [{ flows: [flow, { ...flow, duration: -1 }] }, 'flows[1].duration'],
    [{ flows: [] }, 'flows'],
    [{}, 'flows'],
  ])('that are none are refused by name: %j', async (body, path) => {
    const { body: problem } = await score(body).expect(400);
    expect(problem.errors[0].path).toBe(path);
  });

  it.each([
    ['horizontal', horizontal, 'horizontal-scan'],
    ['vertical', vertical, 'vertical-scan'],
  ])('of a %s port scan name the scanning host and no other, packed or not', async (_, text, kind) => {
    const answers = [Buffer.from(text), gzipSync(text)].map(async (bytes) => {
      const { text: lines } = await request(server.url)
        .post('/v1/score/network-flow/file')
        .set('content-type', 'application/octet-stream')
        .buffer(true)
        .parse((response, done) => {
          let whole = '';
          response.on('data', (chunk: Buffer) => (whole += chunk.toString()));
          response.on('end', () => done(null, whole));
        })
        .send(bytes)
        .expect(200)
        .then(({ body }) => ({ text: body as unknown as string }));
      return lines.trim().split('\n').map((line) => JSON.parse(line) as Body); // prettier-ignore
    });
    const [plain, packed] = await Promise.all(answers);
    expect(plain).toEqual(packed);
    const { summary } = plain.at(-1)!;
    expect(plain).toHaveLength(241);
    expect(summary.rejected.count).toBe(0);
    expect(new Set(summary.hosts.map(({ host }: Body) => host))).toEqual(new Set(['10.0.0.66']));
    expect(summary.hosts.map(({ kind }: Body) => kind)).toContain(kind);
    for (const { uids } of summary.hosts) expect(uids.every((uid: string) => uid.startsWith('P'))).toBe(true);
  });

  it('of a log come out on the command line with an account of every line', async () => {
    const file = join(sandbox.folder, 'conn.log');
    writeFileSync(file, `${horizontal}not a line of it\n`);
    const { code, stdout, stderr } = await cli(['score', 'network-flow', file], sandbox.env);
    expect(code).toBe(0);
    const rows = stdout.trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
    expect(rows).toHaveLength(241);
    expect(rows.at(-1)).toMatchObject({ line: 247, error: expect.any(String) });
    expect(stderr).toContain('rejected lines: 1');
    expect(stderr).toMatch(/10\.0\.0\.66 scans hosts/);
    const refused = await cli(['score', 'network-flow', file, '--format', 'csv'], sandbox.env);
    expect(refused.code).toBe(2);
  });
});
