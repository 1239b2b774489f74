import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { bundledData, cli, Sandbox, Server } from './support/program.js';

interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly observed: number;
  readonly limit: number;
  readonly message: string;
}

describe('the gate’s report', () => {
  const sandbox = new Sandbox();
  let server: Server;

  const checksOf = async (run: string): Promise<Map<string, Check>> => {
    const { body } = await request(server.url).get(`/v1/training-runs/${run}`).expect(200);
    return new Map(body.gate.checks.map((check: Check) => [check.name, check]));
  };
  const train = async (...args: string[]): Promise<string> => {
    const command = ['train', 'phishing-website', '--candidates', 'decision-tree', '--json', ...args];
    return JSON.parse((await cli(command, sandbox.env)).stdout).run;
  };

  beforeAll(async () => {
    const [header, ...rows] = readFileSync(bundledData, 'utf8').trimEnd().split(/\r?\n/);
    for (const [name, part] of [
      ['feed.csv', rows.slice(0, 6000)],
      ['staff.csv', rows.slice(6000)],
    ] as const) {
      const file = join(sandbox.folder, name);
      writeFileSync(file, [header, ...part].join('\n'));
      await cli(['data', 'push', 'phishing-website', file], sandbox.env);
    }
    server = await Server.start(sandbox.env);
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  it('has every check with its figures, and the sources of labels where there is a champion', async () => {
    const first = await checksOf(await train('--promote', 'force'));
    for (const name of ['rocAuc', 'falsePositiveRate', 'single-row-latency', 'bundle-size']) {
      expect(first.get(name)).toMatchObject({
        passed: expect.any(Boolean),
        observed: expect.any(Number),
        limit: expect.any(Number),
        message: expect.stringMatching(/at (least|most)/),
      });
    }
    expect([...first.keys()].filter((name) => name.startsWith('slice'))).toEqual([]);
    const { body: ledger } = await request(server.url).get('/v1/admin/models/phishing-website/deployments');
    expect(ledger.items[0]).toMatchObject({ kind: 'force', from: null, to: 1 });
    expect(ledger.items[0].reason).toMatch(/^forced by the run past the gate: .*rocAuc/);

    const second = await checksOf(await train('--seed', '5'));
    const slices = ['slice source=feed.csv', 'slice source=staff.csv'];
    for (const name of ['not-worse-than-champion', ...slices]) expect([...second.keys()]).toContain(name);
    const [feed, staff] = slices.map((name) => second.get(name)!);
    expect([feed.limit, staff.limit]).toEqual([-0.03, -0.03]);
    const rows = [feed, staff].map(({ message }) => Number(/on (\d+) rows/.exec(message)![1]));
    const { body } = await request(server.url).get('/v1/admin/models/phishing-website/versions/2');
    expect(rows[0] + rows[1]).toBe(body.metrics.rows);
  });
});
