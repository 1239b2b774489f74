import { sep } from 'node:path';
import { compiledScript, isAlive, lastLines, run, waitUntil } from './processes.js';

describe('processes', () => {
  it('knows living from dead', () => {
    expect(isAlive(process.pid)).toBe(true);
    expect(isAlive(99_999_999)).toBe(false);
  });

  it('returns output and success of a program, and why one could not be run', async () => {
    const script = 'console.log("out"); console.error("err"); process.exit(Number(process.argv[1]))';
    expect(await run(process.execPath, ['-e', script, '0'], 5000)).toEqual({
      ok: true,
      stdout: 'out\n',
      output: 'out\nerr\n',
    });
    expect(await run(process.execPath, ['-e', script, '3'], 5000)).toMatchObject({
      ok: false,
      output: 'out\nerr\n',
    });
    expect(await run('netwarden-no-such-program', [], 5000)).toMatchObject({ ok: false, failure: 'ENOENT' });
  });

  it('ends a program that takes too long', async () => {
    expect(await run(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], 200)).toMatchObject({
      ok: false,
    });
  });

  it('keeps the last lines that are not blank', () => {
    expect(lastLines('a\r\nb\n\n  \nc\n', 2)).toBe('b\nc');
  });

  it('waits no longer than told', async () => {
    expect(await waitUntil(() => false, 60)).toBe(false);
    let polls = 0;
    expect(await waitUntil(() => ++polls === 3, 5000)).toBe(true);
  });

  it('finds a script to run in dist, because Node does not run TypeScript', () => {
    expect(compiledScript('keeper.js').split(sep).slice(-4)).toEqual([
      'dist',
      'database',
      'embedded',
      'keeper.js',
    ]);
  });
});
