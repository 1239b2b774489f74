import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { cli, projectRoot, Sandbox } from './support/program.js';

const published = join(projectRoot, '..', 'shared', 'data', 'nsl-kdd', 'KDDTrain+.txt');
const whereItIs = existsSync(published) ? it : it.skip;

/** The 41 features, the label and the difficulty of a made-up connection, in the order of the published files. */
function connection(i: number, label = i % 2 ? 'neptune' : 'normal'): string {
  const cells = new Array<number | string>(41).fill(0);
  const failed = label === 'normal' ? 0 : 1;
  cells.splice(
    0,
    6,
    i % 7,
    'tcp',
    failed ? 'private' : 'http',
    failed ? 'S0' : 'SF',
    failed ? 0 : 200 + i,
    i,
  );
  cells.splice(24, 2, failed, failed);
  return [...cells, label, 21].join();
}

describe('the published files of NSL-KDD', () => {
  const sandbox = new Sandbox();
  const push = async (text: string): Promise<Record<string, unknown>> => {
    const { code, stdout, stderr } = await cli(['data', 'push', 'nsl-kdd', '-', '--json'], sandbox.env, text);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  afterAll(() => sandbox.remove());

  it('are read without a header, and the difficulty is left out, with the reason', async () => {
    const rows = Array.from({ length: 600 }, (_, i) => connection(i));
    expect(await push(rows.join('\n'))).toMatchObject({
      read: 600,
      stored: 600,
      rejected: 0,
      leftOut: [{ column: 'difficulty', why: expect.stringContaining('known of no connection') }],
    });
  });

  it('are known again without the difficulty', async () => {
    const rows = Array.from({ length: 10 }, (_, i) => connection(i).replace(/,21$/, ''));
    expect(await push(rows.join('\n'))).toMatchObject({ read: 10, stored: 0, known: 10 });
  });

  it('take the attacks of the official test file, and reject a name that is none', async () => {
    const rows = [connection(9001, 'mailbomb'), connection(9002, 'mailbom')];
    const { stdout } = await cli(['data', 'push', 'nsl-kdd', '-'], sandbox.env, rows.join('\n'));
    expect(stdout).toMatch(/^2 rows read: 1 stored, 0 known already, 1 rejected /);
    expect(stdout).toMatch(/\nLeft out: difficulty \(how many /);
  });

  it('train', async () => {
    const { code, stdout } = await cli(['train', 'nsl-kdd', '--promote', 'force', '--json'], sandbox.env);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'succeeded', version: 1 });
  });

  whereItIs('fit the contract as they are', async () => {
    const start = Buffer.alloc(100_000);
    const file = openSync(published, 'r');
    readSync(file, start, 0, start.length, 0);
    closeSync(file);
    const rows = start.toString('latin1').split(/\r?\n/).slice(0, -1);
    expect(await push(rows.join('\n'))).toMatchObject({ read: rows.length, rejected: 0 });
  });
});
