import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Boosting from '../src/ml/gradient-boosting.js';
import type { ModelState } from '../src/ml/learner.js';
import type * as Matrices from '../src/ml/matrix.js';
import type { CrewTask } from '../src/ml/parallel/team.js';
import type * as Threads from '../src/ml/parallel/thread-team.js';
import type * as Randoms from '../src/ml/random.js';

// Threads run compiled modules only.
const built = async <T>(file: string): Promise<T> =>
  (await import(new URL(`../dist/ml/${file}`, import.meta.url).href)) as T;
const { ThreadTeam } = await built<typeof Threads>('parallel/thread-team.js');
const { GradientBoosting } = await built<typeof Boosting>('gradient-boosting.js');
const { Matrix } = await built<typeof Matrices>('matrix.js');
const { Random } = await built<typeof Randoms>('random.js');

const digest = ({ meta, arrays }: ModelState): string => {
  const hash = createHash('sha256').update(JSON.stringify(meta));
  for (const [name, array] of Object.entries(arrays)) {
    hash.update(name).update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return hash.digest('hex');
};

describe('a team of threads', () => {
  let folder: string;
  /** The URL of a module with this source. */
  const moduleOf = async (name: string, source: string): Promise<URL> => {
    const file = join(folder, `${name}.mjs`);
    await writeFile(file, source);
    return pathToFileURL(file);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netwarden-threads-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('runs a module in each other thread, member 1 first in the answers', async () => {
    const file = await moduleOf('square', 'export default (input, member) => [input.n ** 2, member];');
    const team = new ThreadTeam(4);
    try {
      const first = team.start<{ n: number }, number[]>(file, { n: 7 });
      const second = team.start<{ n: number }, number[]>(file, { n: 3 });
      // prettier-ignore
      expect(second.finish()).toEqual([[9, 1], [9, 2], [9, 3]]);
      // prettier-ignore
      expect(first.finish()).toEqual([[49, 1], [49, 2], [49, 3]]);
    } finally {
      await team.close();
    }
  });

  it('rethrows what a member throws, cannot load or cannot send, and goes on', async () => {
    const bad = await moduleOf(
      'bad',
      `export default (input, member) => {
        if (member === 2) throw new RangeError('member 2 says no');
      };`,
    );
    const unsendable = await moduleOf('unsendable', 'export default () => () => 1;');
    const team = new ThreadTeam(3);
    try {
      expect(() => team.start(bad, {}).finish()).toThrow('member 2 says no');
      expect(() => team.start(unsendable, {}).finish()).toThrow('could not be cloned');
      const none = pathToFileURL(join(folder, 'none.mjs'));
      expect(() => team.start(none, {}).finish()).toThrow('none.mjs');
      expect(() => team.enlist(none, {}).leave()).toThrow('none.mjs');
      const echo = await moduleOf('echo', 'export default (input) => input;');
      expect(team.start(echo, 'still here').finish()).toEqual(['still here', 'still here']);
    } finally {
      await team.close();
    }
  });

  it('does every share of every step once', async () => {
    const task: CrewTask<Int32Array> = (counts) => (step, share) => {
      Atomics.add(counts, 3 * step + share, 1);
    };
    const file = await moduleOf('count', `export default ${task.toString()};`);
    const counts = new Int32Array(new SharedArrayBuffer(4 * 3 * 500));
    const team = new ThreadTeam(3);
    try {
      const crew = team.enlist(file, counts);
      for (let step = 0; step < 500; step++) {
        crew.step(step, (share) => task(counts, 0)(step, share));
        expect(counts.subarray(3 * step, 3 * step + 3)).toEqual(Int32Array.of(1, 1, 1));
      }
      crew.leave();
    } finally {
      await team.close();
    }
  });

  it('rethrows what a member throws in a step', async () => {
    const file = await moduleOf(
      'failing',
      `export default () => () => {
        throw new Error('not this share');
      };`,
    );
    const team = new ThreadTeam(2);
    try {
      const crew = team.enlist(file, {});
      // The caller may be quicker than the member a few times.
      const steps = (): void => {
        for (let step = 0; step < 1e6; step++) crew.step(step, () => undefined);
      };
      expect(steps).toThrow('not this share');
    } finally {
      await team.close();
    }
  });

  it.each([
    ['start', 'that ends while it has work', 'process.exit(9)', 'exit code 9'],
    ['enlist', 'that ends while it has a share', 'process.exit(9)', 'exit code 9'],
    ['start', 'that fails beside its work', "setImmediate(() => { throw Error('no memory'); })", 'no memory'],
  ])('%s: waits for no member %s, and says why it ended', async (work, _, end, reason) => {
    const module = `export default (input, member) => {
      if (member === 2) ${end};
      return Array.isArray(input) ? member : () => undefined;
    };`;
    const file = await moduleOf(`ending-${work}-${reason.length}`, module);
    const team = new ThreadTeam(3);
    try {
      const until = Date.now() + 60_000;
      const keepWorking = (): void => {
        const crew = work === 'enlist' ? team.enlist(file, {}) : null;
        while (Date.now() < until) {
          if (crew) crew.step(1, () => undefined);
          else team.start(file, []).finish();
        }
      };
      const lost = { code: 'THREAD_LOST', message: expect.stringContaining(reason) };
      expect(keepWorking).toThrow(expect.objectContaining(lost));
    } finally {
      await team.close();
    }
  });

  it.each([0, 1.5, 256, NaN])('has no size of %d', (size) => {
    expect(() => new ThreadTeam(size)).toThrow(RangeError);
  });
});

describe('gradient boosting on threads', () => {
  const random = new Random(4);
  const rows = Array.from({ length: 30_000 }, () => [
    random.float() < 0.1 ? NaN : random.float(),
    random.below(3),
    random.float(),
    random.below(40),
    ...Array.from({ length: 12 }, () => random.float()),
  ]);
  const y = Uint8Array.from(rows, ([a, b, , d]) => Number(a + b / 3 + (d % 5) / 4 > 1.2));
  const x = Matrix.fromRows(rows);
  const options = { maxIter: 8, subsample: 0.9 };

  it('fits the same model to the bit on 1, 2 and 3 threads', async () => {
    const digests: string[] = [];
    for (const size of [1, 2, 3]) {
      const team = new ThreadTeam(size);
      try {
        const context = { seed: 11, team, categorical: [3] };
        digests.push(digest(new GradientBoosting(options).fit(x, y, context).toState()));
      } finally {
        await team.close();
      }
    }
    const alone = new GradientBoosting(options).fit(x, y, { seed: 11, categorical: [3] });
    expect(digests).toEqual(new Array(3).fill(digest(alone.toState())));
  });

  it('leaves the team usable when the listener throws', async () => {
    const team = new ThreadTeam(3);
    try {
      const onProgress = (done: number): void => {
        if (done === 2) throw new Error('cancelled');
      };
      const learner = new GradientBoosting(options);
      expect(() => learner.fit(x, y, { seed: 11, team, onProgress })).toThrow('cancelled');
      const after = learner.fit(x, y, { seed: 11, team });
      expect(digest(after.toState())).toBe(digest(learner.fit(x, y, { seed: 11 }).toState()));
    } finally {
      await team.close();
    }
  });
});
