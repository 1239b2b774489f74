import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { cli, freshCli, projectRoot, Sandbox, someData, someRows } from './support/program.js';
import { trainedSandbox } from './support/trained.js';

describe('the command line', () => {
  let sandbox: Sandbox;

  const run = (...args: string[]): ReturnType<typeof cli> => cli(args, sandbox.env);
  /** In a process of its own: one of each way to end. */
  const runAlone = (...args: string[]): ReturnType<typeof cli> => freshCli(args, sandbox.env);
  const fileOf = (name: string, text: string): string => {
    const path = join(sandbox.folder, name);
    writeFileSync(path, text);
    return path;
  };

  beforeAll(async () => {
    sandbox = await trainedSandbox();
  });

  afterAll(() => sandbox.remove());

  it('pushes a file and prints its counts', async () => {
    const again = await runAlone('data', 'push', 'phishing-website', someData, '--json');
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(again.stdout)).toEqual({
      batch: expect.any(String),
      read: someRows,
      stored: 0,
      known: someRows,
      rejected: 0,
    });
    const list = await run('data', 'list', 'phishing-website', '--json');
    expect(JSON.parse(list.stdout)).toMatchObject({ records: someRows, total: 2 });
    expect((await run('data', 'list', 'phishing-website')).stdout).toMatch(/4000 records[\s\S]*complete/);
  });

  it('exits with 2 and names what is wrong with a refused file', async () => {
    const empty = await runAlone('data', 'push', 'phishing-website', fileOf('empty.csv', ''));
    expect(empty.code).toBe(2);
    expect(empty.stderr).toMatch(/^netwarden: .*empty/i);
    const header = await run('data', 'push', 'phishing-website', fileOf('other.csv', 'a,b\n1,2\n'), '--json');
    expect(header).toMatchObject({ code: 2, stdout: '' });
    expect(header.stderr).toMatch(/ {2}SSLfinal_State: is missing/);
    expect((await run('data', 'push', 'phishing-website', 'no-such-file.csv')).stderr).toContain(
      'there is no such file',
    );
    expect((await run('data', 'push', 'phishing-websites', someData)).stderr).toContain(
      'Did you mean phishing-website?',
    );
  });

  it('exits with 2 where not one row could be taken', async () => {
    const [header, row] = readFileSync(someData, 'utf8').split(/\r?\n/);
    const wrong = await run(
      'data',
      'push',
      'phishing-website',
      fileOf('labels.csv', `${header}\n${row.replace(/-1$/, '0')}\n`),
      '--json',
    );
    expect(wrong.code).toBe(2);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ read: 1, stored: 0, rejected: 1 });
  });

  it('trains, prints a table and the JSON of the run', async () => {
    const table = await runAlone('train', 'phishing-website', '--candidates', 'decision-tree', '--seed', '5');
    expect(table.code).toBe(0);
    for (const text of ['ingestion', 'registration', 'decision-tree', 'selected', 'rocAuc', 'Gate: ']) {
      expect(table.stdout).toContain(text);
    }
    expect(table.stderr).toBe('');
    const json = await run(
      'train',
      'phishing-website',
      '--candidates',
      'decision-tree',
      '--promote',
      'force',
      '--json',
    );
    expect(JSON.parse(json.stdout)).toMatchObject({
      run: expect.any(String),
      status: 'succeeded',
      version: 3,
      promoted: true,
      metrics: { rows: expect.any(Number), rocAuc: expect.any(Number) },
    });
    const unknown = await run('train', 'phishing-website', '--candidates', 'perceptron');
    expect(unknown.code).toBe(2);
  });

  it('lists, shows, promotes, rolls back and exports versions', async () => {
    const list = JSON.parse((await run('models', 'list', 'phishing-website', '--json')).stdout);
    expect(list.items.map(({ version }: { version: number }) => version)).toEqual([3, 2, 1]);
    expect((await run('models', 'list', 'phishing-website')).stdout).toContain('champion');
    expect((await run('models', 'show', 'phishing-website', '3')).stdout).toMatch(/rocAuc +0\.9/);
    const moved = await run(
      'models',
      'promote',
      'phishing-website',
      '1',
      '--expected-champion',
      '3',
      '--reason',
      'test',
      '--json',
    );
    expect(JSON.parse(moved.stdout)).toMatchObject({
      from: 3,
      to: 1,
      actor: `cli ${userInfo().username}`,
      reason: 'test',
    });
    const stale = await runAlone('models', 'promote', 'phishing-website', '2', '--expected-champion', '3');
    expect(stale.code).toBe(1);
    expect(stale.stderr).toContain('The champion of phishing-website is 1, not 3');
    expect((await run('models', 'rollback', 'phishing-website', '2')).stdout).toContain('version 2 now');
    const target = join(sandbox.folder, 'v1.bundle');
    const exported = JSON.parse(
      (await run('models', 'export', 'phishing-website', '1', target, '--json')).stdout,
    );
    expect(createHash('sha256').update(readFileSync(target)).digest('hex')).toBe(exported.sha256);
    expect((await run('models', 'show', 'phishing-website', '9')).code).toBe(2);
  });

  it('scores a file or standard input, a verdict a line', async () => {
    const text = readFileSync(someData, 'utf8').split(/\r?\n/).slice(0, 4).join('\n');
    const piped = await freshCli(['score', 'phishing-website', '-'], sandbox.env, text);
    expect(piped.code).toBe(0);
    const lines = piped.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({
      line: 2,
      verdict: 'malicious',
      probability: expect.any(Number),
      reasons: [],
    });
    const out = join(sandbox.folder, 'scored.csv');
    const csv = await run(
      'score',
      'phishing-website',
      fileOf('three.csv', text),
      '--format',
      'csv',
      '--out',
      out,
    );
    expect(csv).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(out, 'utf8')).toMatch(
      /verdict,probability,model_version,error\n(.*,malicious,0\.\d+,2,\n?)+/,
    );
    const own = fileOf('own.csv', text);
    expect((await run('score', 'phishing-website', own, '--format', 'csv', '--out', own)).code).toBe(0);
    expect(readFileSync(own, 'utf8').trimEnd().split('\n')).toHaveLength(4);
    const nowhere = await run(
      'score',
      'phishing-website',
      someData,
      '--out',
      join(sandbox.folder, 'no', 'where'),
    );
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain('its folder is not there');
    const explained = await cli(['score', 'phishing-website', '-', '--explain'], sandbox.env, text);
    expect(JSON.parse(explained.stdout.split('\n')[0]).reasons.length).toBeGreaterThan(0);
  });

  it('evaluates a version on a labelled file', async () => {
    const { code, stdout } = await run('evaluate', 'phishing-website', someData, '--version', '1', '--json');
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ detector: 'phishing-website', version: 1, rows: someRows });
    const { tp, fp, tn, fn } = result.confusion;
    expect(tp + fp + tn + fn).toBe(someRows);
    expect((tp + tn) / someRows).toBeCloseTo(result.accuracy, 12);
    expect(result.intervals.rocAuc[0]).toBeLessThan(result.rocAuc);
    for (const key of [
      'precision',
      'recall',
      'f1',
      'averagePrecision',
      'recallAtFpr01',
      'falsePositiveRate',
      'brier',
      'logLoss',
    ]) {
      expect(result[key]).toEqual(expect.any(Number));
      expect(result.intervals[key]).toEqual([expect.any(Number), expect.any(Number)]);
    }
    for (const cell of ['tp', 'fp', 'tn', 'fn']) {
      const [low, high] = result.intervals[cell];
      expect([low < result.confusion[cell], result.confusion[cell] < high]).toEqual([true, true]);
    }
    expect((await run('evaluate', 'phishing-website', someData, '--version', '1')).stdout).toMatch(
      /recallAtFpr01 +0\.\d{4} \[[\s\S]*threat +\d+ \[\d+, \d+\]/,
    );
    const unlabelled = readFileSync(someData, 'utf8').replaceAll(/,[^,\n]*$/gm, '');
    expect(
      (await run('evaluate', 'phishing-website', fileOf('unlabelled.csv', unlabelled))).stderr,
    ).toContain('Result: is missing');
  });

  it('says how many rows of a file the version was trained on, and when labels look swapped', async () => {
    const swapped = await run(
      'evaluate',
      'phishing-website',
      someData,
      '--threat',
      '1',
      '--benign',
      '-1',
      '--json',
    );
    const { rocAuc, trainedOn, warnings } = JSON.parse(swapped.stdout);
    expect(rocAuc).toBeLessThan(0.1);
    // Four fifths train, and rows of the test part that have a twin there do not exist: twins are one group.
    expect(trainedOn / someRows).toBeCloseTo(0.8, 1);
    expect(warnings).toEqual([
      expect.stringContaining('the labels look swapped'),
      expect.stringContaining(`trained on ${trainedOn} of these ${someRows} rows`),
    ]);
    const plain = await run('evaluate', 'phishing-website', someData);
    expect(plain.stdout).not.toContain('swapped');
    const one = await run('evaluate', 'phishing-website', someData, '--threat', '1');
    expect([one.code, one.stderr]).toEqual([2, expect.stringContaining('benign: has to be said as well')]);
  });

  it('knows the names and the missing cells of the copies of the data', async () => {
    const [header, ...rows] = readFileSync(someData, 'utf8').trimEnd().split(/\r?\n/);
    const names = header.split(',').map((name) => name.toLowerCase().replaceAll('_', ' '));
    const text = [
      ['', ...names, ''].join(';'),
      ...['<NA>', '\\N', 'None', 'wrong'].map((cell, i) =>
        [i, cell, ...rows[i].split(',').slice(1)].join(';'),
      ),
    ];
    const pushed = await run(
      'data',
      'push',
      'phishing-website',
      fileOf('copy.csv', `${text.join('\n')}\n`),
      '--json',
    );
    expect(JSON.parse(pushed.stdout)).toMatchObject({
      read: 4,
      rejected: 1,
      delimiter: ';',
      columns: expect.arrayContaining([{ name: 'SSLfinal_State', column: 'sslfinal state' }]),
      leftOut: [
        { column: 'column 1', why: 'has no name' },
        { column: 'column 33', why: 'has no name' },
      ],
    });
  });

  it('tells drift column by column', async () => {
    const [header, ...rows] = readFileSync(someData, 'utf8').trimEnd().split(/\r?\n/);
    const same = JSON.parse((await run('drift', 'phishing-website', someData, '--json')).stdout);
    expect(same).toMatchObject({ numberOfColumns: 30, numberOfDriftedColumns: 0, datasetDrift: false });
    const moved = [header, ...rows.map((row) => row.replace(/^(-1|1)/, '-1'))].join('\n');
    const drift = JSON.parse(
      (await run('drift', 'phishing-website', fileOf('moved.csv', moved), '--json')).stdout,
    );
    expect(drift.driftByColumns.having_IP_Address).toMatchObject({
      driftDetected: true,
      direction: 'down',
      band: 'large',
    });
    expect(drift.numberOfDriftedColumns).toBe(1);
    expect((await run('drift', 'phishing-website', fileOf('moved.csv', moved))).stdout).toMatch(
      /having_IP_Address .* DRIFT/,
    );
  });

  it('scores with the baselines that come with the program where no server was started, unless BOOTSTRAP is off', async () => {
    const fresh = new Sandbox();
    try {
      const off = await cli(['score', 'url', '-'], fresh.env, 'example.org\n');
      expect([off.code, off.stderr]).toEqual([1, expect.stringContaining('comes with the program')]);
      const env = { ...fresh.env, BOOTSTRAP: 'on' };
      const [first, second] = await Promise.all(
        [1, 2].map(() => cli(['score', 'url', '-'], env, 'https://example.org/\n')),
      );
      for (const { code, stdout } of [first, second]) {
        expect([code, JSON.parse(stdout).model.version]).toEqual([0, 1]);
      }
      const without = await cli(['evaluate', 'phishing-website', someData], env);
      expect([without.code, without.stderr]).toEqual([
        1,
        expect.stringContaining('data push phishing-website'),
      ]);
    } finally {
      await fresh.remove();
    }
  });

  it('exits with 2 on wrong use', async () => {
    expect((await run('data', 'push', 'phishing-website')).code).toBe(2);
    expect((await runAlone('fly')).code).toBe(2);
    expect((await run('train', 'phishing-website', '--seed', 'x')).code).toBe(2);
    expect((await run('--help')).code).toBe(0);
  });

  it('names file, path and reason of a contract that is wrong', async () => {
    const folder = join(sandbox.folder, 'schema');
    mkdirSync(folder);
    const yaml = readFileSync(join(projectRoot, 'schema', 'phishing-website.yaml'), 'utf8');
    writeFileSync(join(folder, 'phishing-website.yaml'), yaml.replace('nEstimators: 100', 'nEstimators: -1'));
    const { code, stderr } = await cli(['db', 'check'], { ...sandbox.env, SCHEMA_DIR: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/phishing-website\.yaml[\s\S]*candidates\.0\.options: .*nEstimators/);
  });
});
