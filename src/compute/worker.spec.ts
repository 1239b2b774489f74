import type { MessagePort } from 'node:worker_threads';
import work from './worker.js';

/** A task file in a URL of its own. */
function task(body: string): string {
  return `data:text/javascript,${encodeURIComponent(`export default ${body}`)}`;
}

describe('work in a thread', () => {
  let reported: unknown[];
  const run = (body: string, input: unknown = null): Promise<unknown> => {
    reported = [];
    const port = { postMessage: (message: unknown) => reported.push(message) } as unknown as MessagePort;
    return work({ task: task(body), input, port });
  };

  it("gives the input to the task file's default export and its result back", async () => {
    expect(await run('({ a, b }) => a + b', { a: 2, b: 3 })).toEqual({ output: 5 });
    expect(await run('async (input) => [input]', 7)).toEqual({ output: [7] });
  });

  it('passes on what the task throws', async () => {
    await expect(run("() => { throw new RangeError('too few rows'); }")).rejects.toThrow('too few rows');
  });

  it('tells why a thread of the task was lost from what the task throws otherwise', async () => {
    const lost = "() => { throw Object.assign(new Error('exit code 9'), { code: 'THREAD_LOST' }); }";
    expect(await run(lost)).toEqual({ lost: 'exit code 9' });
  });

  it('fails where there is no such task', async () => {
    const port = { postMessage: () => undefined } as unknown as MessagePort;
    await expect(
      work({ task: 'data:text/javascript,export const a = 1', input: null, port }),
    ).rejects.toThrow(TypeError);
  });

  it('tells the first progress and the last, and of many in between few', async () => {
    await run('(_, { onProgress }) => { for (let i = 1; i <= 10000; i++) onProgress(i, 10000); }');
    expect(reported[0]).toEqual([1, 10_000]);
    expect(reported.at(-1)).toEqual([10_000, 10_000]);
    expect(reported.length).toBeLessThan(100);
  });

  it('tells again after a while', async () => {
    await run(`async (_, { onProgress }) => {
      onProgress(1, 9);
      onProgress(2, 9);
      await new Promise((resolve) => setTimeout(resolve, 130));
      onProgress(3, 9);
    }`);
    expect(reported).toEqual([
      [1, 9],
      [3, 9],
    ]);
  });
});
