import { openReader, type ReadRow } from './reader.js';

const MiB = 1024 * 1024;

// eslint-disable-next-line @typescript-eslint/require-await -- an input is asynchronous by type
async function* inputOf(chunks: () => Generator<Buffer>): AsyncGenerator<Buffer> {
  yield* chunks();
}

/**
 * Chunks of an input, noting the most memory held while they are asked for. That is with some 15 MiB of garbage of
 * whatever else the process did, so limits are far above it and far below the input.
 */
function watched(chunks: () => Generator<Buffer>): { input: AsyncGenerator<Buffer>; growth: () => number } {
  const held = (): number => {
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    return arrayBuffers + heapUsed;
  };
  const before = held();
  let peak = before;
  const input = inputOf(function* () {
    for (const chunk of chunks()) {
      peak = Math.max(peak, held());
      yield chunk;
    }
  });
  return { input, growth: () => peak - before };
}

async function readAll(input: AsyncIterable<Buffer>): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of (await openReader(input)).rows()) rows.push(row);
  return rows;
}

// Quadratic reading of these inputs takes minutes, linear reading a second: the time limit of the test tells them apart.
const patienceMs = 60_000;

describe('what an input can cost', () => {
  it('a line of 100 MiB is a problem of little memory, in a second or two', async () => {
    const part = Buffer.alloc(64 * 1024, 'x');
    const { input, growth } = watched(function* () {
      yield Buffer.from('a,b\n1,2\n');
      for (let i = 0; i < 1600; i++) yield part;
      yield Buffer.from('\n3,4\n');
    });
    const rows = await readAll(input);
    expect(rows).toMatchObject([
      { line: 2, values: ['1', '2'] },
      { line: 3, code: 'ROW_TOO_LONG', problem: 'longer than 1048576 bytes', raw: 'x'.repeat(1000) },
      { line: 4, values: ['3', '4'] },
    ]);
    expect(growth()).toBeLessThan(50 * MiB);
  });

  it('a line of 64 MiB in one chunk is not copied', async () => {
    const chunk = Buffer.concat([Buffer.from('a\n1\n'), Buffer.alloc(64 * MiB, 'x'), Buffer.from('\n2\n')]);
    const { input, growth } = watched(function* () {
      yield chunk;
      yield Buffer.from('3\n');
    });
    const rows = await readAll(input);
    expect(rows.map(({ line, code }: { line: number; code?: string }) => code ?? line)).toEqual([
      2,
      'ROW_TOO_LONG',
      4,
      5,
    ]);
    expect(growth()).toBeLessThan(32 * MiB);
  });

  it.each([
    ['1048576 bytes', 999, 100],
    ['5000 lines', 99, 1000],
  ])('a quote never closed within %s costs its own line', async (bound, width, count) => {
    const lines = Buffer.from(`${'x'.repeat(width)},1\n`.repeat(count));
    const rows = await readAll(
      inputOf(function* () {
        yield Buffer.from('a,b\n"open,1\n');
        for (let i = 0; i < 50; i++) yield lines;
      }),
    );
    expect(rows[0]).toMatchObject({ line: 2, problem: `a quoted field is not closed within ${bound}` });
    expect(rows).toHaveLength(50 * count + 1);
    expect(rows.filter(({ problem }) => problem !== undefined)).toHaveLength(1);
  });

  it(
    'chunks of one byte do not make a long line quadratic',
    async () => {
      const byte = Buffer.from('x');
      const input = inputOf(function* () {
        yield Buffer.from('a\n');
        for (let i = 0; i < 200_000; i++) yield byte;
      });
      expect((await readAll(input))[0].values).toEqual(['x'.repeat(200_000)]);
    },
    patienceMs,
  );

  it(
    'lines that each leave a quote open do not make reading quadratic',
    async () => {
      const lines = Buffer.from('5" p,"\n'.repeat(10_000));
      const rows = await readAll(
        inputOf(function* () {
          yield Buffer.from('a,b\n');
          for (let i = 0; i < 10; i++) yield lines;
        }),
      );
      expect(rows).toHaveLength(100_000);
    },
    patienceMs,
  );
});
