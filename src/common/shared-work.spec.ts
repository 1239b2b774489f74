import { SharedWork } from './shared-work.js';

describe('work that is shared', () => {
  let begun: string[];
  let ends: ((error?: Error) => void)[];
  let shared: SharedWork<{ of: string }>;
  const settled = (): Promise<void> => new Promise((wait) => setImmediate(wait));

  const ask = (question: string): Promise<string> =>
    shared
      .get(question, async () => {
        begun.push(question);
        await new Promise<void>((done, fail) => ends.push((error) => (error ? fail(error) : done())));
        return { of: question };
      })
      .then(
        ({ of }) => of,
        (error: unknown) => (error as Error).message,
      );

  beforeEach(() => {
    [begun, ends] = [[], []];
    shared = new SharedWork({ atOnce: 1, waiting: 2 }, () => new Error('too many'));
  });

  it('is done once for equal questions that come at once, and its answer stays for a while', async () => {
    const asked = [ask('a'), ask('a'), ask('a')];
    await settled();
    ends[0]();
    expect(await Promise.all(asked)).toEqual(['a', 'a', 'a']);
    expect([await ask('a'), begun]).toEqual(['a', ['a']]);
  });

  it('is done for one question after the other, and refused when too many wait', async () => {
    const asked = ['a', 'b', 'c', 'd', 'b'].map(ask);
    await settled();
    expect(begun).toEqual(['a']);
    expect(await asked[3]).toBe('too many');
    for (let i = 0; i < 3; i++) {
      ends[i]();
      await settled();
    }
    expect([begun, await Promise.all(asked)]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c', 'too many', 'b'],
    ]);
  });

  it('is done again after it has failed, and leaves its place to the next', async () => {
    const [first, second] = [ask('a'), ask('b')];
    await settled();
    ends[0](new Error('away'));
    expect(await first).toBe('away');
    await settled();
    ends[1]();
    expect(await second).toBe('b');
    const again = ask('a');
    await settled();
    ends[2]();
    expect([await again, begun]).toEqual(['a', ['a', 'b', 'a']]);
  });
});
