import { type InputFault, RequestInvalidError } from './errors.js';
import { oneOrMany, recordsOf, rowsOf } from './one-or-many.js';

function faultsOf(read: () => unknown): readonly InputFault[] {
  try {
    read();
  } catch (error) {
    if (error instanceof RequestInvalidError) return error.errors;
    throw error;
  }
  throw new Error('the body was taken');
}

describe('the values of a JSON body', () => {
  it('are one or several, named by their place', () => {
    const one = oneOrMany({ flow: 7 }, 'flow', 'flows');
    expect(one).toMatchObject({ values: [7], single: true });
    expect(one.pathOf(0)).toBe('flow');
    const many = oneOrMany({ flows: ['a', null] }, 'flow', 'flows');
    expect(many).toMatchObject({ values: ['a', null], single: false });
    expect(many.pathOf(1)).toBe('flows[1]');
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [7],
    [[{ flow: 1 }]],
    [{}],
    [{ flows: [] }],
    [{ flows: { a: 1 } }],
  ])('are not in %j', (body) => {
    expect(faultsOf(() => oneOrMany(body, 'flow', 'flows'))).toEqual([
      { path: 'flows', message: 'must be an array with at least one flow; send {flow} or {flows}' },
    ]);
  });

  it('are not sent both ways at once', () => {
    expect(faultsOf(() => oneOrMany({ flow: {}, flows: [{}] }, 'flow', 'flows'))).toEqual([
      { path: 'flow', message: 'stands beside flows; send one of the two' },
    ]);
  });

  it('stand alone: what would be ignored is refused', () => {
    expect(faultsOf(() => oneOrMany({ flow: {}, explain: false }, 'flow', 'flows'))).toEqual([
      { path: 'explain', message: expect.stringContaining('options stand in the address') },
    ]);
  });
});

describe('the records of a JSON body', () => {
  it('are objects', () => {
    expect(recordsOf({ record: { a: 1 } }).values).toEqual([{ a: 1 }]);
    expect(recordsOf({ records: [{ a: 1 }, {}] }).values).toEqual([{ a: 1 }, {}]);
    const message = 'must be an object of feature names and values';
    expect(faultsOf(() => recordsOf({ records: [{}, null, [], 'a'] }))).toEqual(
      [1, 2, 3].map((i) => ({ path: `records[${i}]`, message })),
    );
    expect(faultsOf(() => recordsOf({ record: null }))).toEqual([{ path: 'record', message }]);
    expect(faultsOf(() => recordsOf({ records: new Array(500).fill(1) }))).toHaveLength(100);
  });
});

describe('the rows of a JSON body', () => {
  it('are objects or texts, in an array by itself as well', () => {
    expect(rowsOf({ record: 'a' })).toEqual(['a']);
    expect(rowsOf({ records: [{ a: 1 }, 'a'] })).toEqual([{ a: 1 }, 'a']);
    expect(rowsOf([{ a: 1 }, 'a'])).toEqual([{ a: 1 }, 'a']);
    const message = 'must be an object of column names and values, or a text';
    expect(faultsOf(() => rowsOf(['a', 7, null]))).toEqual(
      [1, 2].map((i) => ({ path: `records[${i}]`, message })),
    );
    expect(faultsOf(() => rowsOf([]))).toMatchObject([{ path: 'records' }]);
  });
});
