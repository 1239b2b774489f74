import { createServer, type Server as TcpServer } from 'node:net';
import { cli, Sandbox } from './support/program.js';

describe('the connection check', () => {
  const sandbox = new Sandbox();

  afterAll(() => sandbox.remove());

  it('tells server version, latency, collections, indexes and that it can write', async () => {
    const { code, stdout } = await cli(['db', 'check', '--json'], sandbox.env);
    expect(code).toBe(0);
    const state = JSON.parse(stdout);
    expect(state).toMatchObject({ database: sandbox.database, writable: true });
    expect(state.serverVersion).toMatch(/^\d+\.\d+/);
    expect(state.latencyMs).toBeGreaterThan(0);
    const names = state.collections.map(({ name }: { name: string }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['records', 'batches', 'training_runs', 'model_versions', 'deployments']),
    );
    const records = state.collections.find(({ name }: { name: string }) => name === 'records');
    expect(records.indexes).toEqual(expect.arrayContaining(['_id_', 'detector_1_batch_1']));
    expect((await cli(['db', 'check'], sandbox.env)).stdout).toMatch(/ping [\d.]+ ms, writable/);
  });

  describe('of a server that is not one', () => {
    let refusing: TcpServer;
    let port: number;

    beforeAll(async () => {
      refusing = createServer((socket) => socket.destroy());
      await new Promise<void>((listening) => refusing.listen(0, '127.0.0.1', listening));
      port = (refusing.address() as { port: number }).port;
    });

    afterAll(() => new Promise((closed) => refusing.close(closed)));

    it.each([
      ['refuses', (): number => port],
      ['is not there', (): number => 1],
    ])(
      'gives one clear line and exit code 1 within 10 s where it %s, without the password',
      async (_, at) => {
        const env = { ...sandbox.env, MONGODB_URI: `mongodb://admin:s3cr%40t@127.0.0.1:${at()}/netwarden` };
        const start = performance.now();
        const { code, stdout, stderr } = await cli(['db', 'check'], env);
        expect(performance.now() - start).toBeLessThan(10_000);
        expect(code).toBe(1);
        expect(stdout).toBe('');
        expect(stderr.trim().split('\n')).toHaveLength(1);
        expect(stderr).toMatch(/^netwarden: MongoDB at 127\.0\.0\.1:\d+\/netwarden cannot be reached/);
        expect(stderr).not.toContain('s3cr');
      },
    );
  });

  it('names every bad key of the environment and exits with 2', async () => {
    const { code, stderr } = await cli(['db', 'check'], {
      ...sandbox.env,
      PORT: 'x',
      MONGODB_URI: 'http://me:pw@host',
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/PORT/);
    expect(stderr).toMatch(/MONGODB_URI/);
    expect(stderr).not.toContain('pw');
  });
});
