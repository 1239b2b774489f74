import type { InputFault } from '../../common/errors.js';
import { HeaderMismatchError } from '../detector.errors.js';
import { tinyContract, tinySource } from '../fixtures/tiny-contract.js';
import { bindColumns, type BindingRules } from './columns.js';

const contract = tinyContract();
const pushed: BindingRules = { label: 'required', ignoreColumns: [] };
const scored: BindingRules = { label: 'ignored', ignoreColumns: [] };

function faultsOf(columns: readonly string[], rules = pushed, of = contract): readonly InputFault[] {
  try {
    bindColumns(of, columns, rules);
  } catch (error) {
    if (error instanceof HeaderMismatchError) return error.errors;
    throw error;
  }
  throw new Error('the columns were taken');
}

describe('binding columns', () => {
  it('finds each feature and the label wherever they stand', () => {
    expect(bindColumns(contract, ['Result', 'protocol', 'having_IP', 'duration'], pushed)).toEqual({
      columns: [2, 3, 1],
      label: 0,
    });
  });

  it('knows aliases and looks at letters and digits alone', () => {
    expect(bindColumns(contract, ['ipAddress', ' DUR-ATION ', 'Protocol//', 'CLASS'], pushed)).toEqual({
      columns: [0, 1, 2],
      label: 3,
      renamed: [
        { name: 'having_IP', column: 'ipAddress' },
        { name: 'duration', column: ' DUR-ATION ' },
        { name: 'protocol', column: 'Protocol//' },
        { name: 'Result', column: 'CLASS' },
      ],
    });
  });

  it('needs no label where rows are scored, and remembers one that is there', () => {
    expect(bindColumns(contract, ['having_IP', 'duration', 'protocol'], scored).label).toBe(-1);
    expect(bindColumns(contract, ['class', 'having_IP', 'duration', 'protocol'], scored).label).toBe(0);
  });

  it('names every column that is missing', () => {
    expect(faultsOf(['duration'])).toEqual([
      { path: 'having_IP', message: 'is missing; known as ip_address as well' },
      { path: 'protocol', message: 'is missing' },
      { path: 'Result', message: 'is missing; known as class as well' },
    ]);
  });

  it('names unknown columns, with the missing one that was probably meant', () => {
    expect(faultsOf(['havin_IP', 'duration', 'protocol', 'host', 'Result'])).toEqual([
      { path: 'havin_IP', message: 'is unknown; did you mean having_IP?' },
      { path: 'host', message: 'is unknown' },
      { path: 'having_IP', message: 'is missing; known as ip_address as well' },
    ]);
  });

  it('names a hundred unknown columns and counts the others', () => {
    const strange = Array.from({ length: 5000 }, (_, i) => `column_${i}`);
    const faults = faultsOf(['having_IP', 'duration', 'protocol', 'Result', ...strange]);
    expect(faults.slice(0, 2)).toEqual([
      { path: 'column_0', message: 'is unknown' },
      { path: 'column_1', message: 'is unknown' },
    ]);
    expect(faults.slice(100)).toEqual([{ message: '4900 more columns are unknown' }]);
  });

  it('names a column that stands twice in one spelling', () => {
    expect(faultsOf(['having_IP', 'duration', 'protocol', 'Having IP', 'class', 'Class'])).toEqual([
      { path: 'Having IP', message: "is the same column as 'having_IP'" },
      { path: 'Class', message: "is the same column as 'class'" },
    ]);
  });

  it('reads the spelling that the contract has first, and says which others are left out', () => {
    const known = ['duration', 'protocol', 'class'];
    const others = [{ column: 'ip_address', why: "'having_IP' is read instead" }];
    expect(bindColumns(contract, ['ip_address', 'having_IP', ...known], pushed)).toMatchObject({
      columns: [1, 2, 3],
      leftOut: others,
    });
    expect(bindColumns(contract, ['having_IP', 'ip_address', ...known, 'Result'], pushed)).toMatchObject({
      columns: [0, 2, 3],
      label: 5,
      leftOut: [...others, { column: 'class', why: "'Result' is read instead" }],
    });
  });

  it('does not mind how often the label stands there where it is not read', () => {
    const columns = ['having_IP', 'duration', 'protocol', 'class', 'Result', 'CLASS'];
    expect(bindColumns(contract, columns, scored)).toEqual({ columns: [0, 1, 2], label: 3 });
  });

  it('counts columns without a name between others', () => {
    expect(faultsOf(['having_IP', '', 'duration', 'protocol', ' ', 'Result'])).toEqual([
      { path: 'column 2', message: 'has no name' },
      { path: 'column 5', message: 'has no name' },
    ]);
  });

  it('leaves out an index without a name and what stands without one at the end', () => {
    expect(
      bindColumns(contract, ['', 'having_IP', 'duration', 'protocol', 'Result', '', ''], pushed),
    ).toEqual({
      columns: [1, 2, 3],
      label: 4,
      leftOut: [1, 6, 7].map((place) => ({ column: `column ${place}`, why: 'has no name' })),
    });
  });

  it('lets the unknown columns pass that it is told to ignore, but no feature twice', () => {
    const rules = { ...pushed, ignoreColumns: [' HOST', '', 'having_ip'] };
    const known = ['having_IP', 'duration', 'protocol', 'Result'];
    expect(bindColumns(contract, ['host', '', ...known], rules)).toEqual({
      columns: [2, 3, 4],
      label: 5,
      leftOut: [
        { column: 'host', why: 'as asked' },
        { column: 'column 2', why: 'as asked' },
      ],
    });
    expect(faultsOf([...known, 'host', 'having_ip'], rules)).toEqual([
      { path: 'having_ip', message: "is the same column as 'having_IP'" },
    ]);
  });

  it('says why the contract leaves a column out', () => {
    const leaky = tinyContract({ input: { ...contract.input, drop: { Verdict: 'is the answer' } } });
    const known = ['having_IP', 'duration', 'protocol', 'Result'];
    expect(bindColumns(leaky, [...known, ' verdict'], pushed).leftOut).toEqual([
      { column: ' verdict', why: 'is the answer' },
    ]);
    const open = tinyContract({ input: { ...contract.input, unknownColumns: 'ignore' } });
    expect(bindColumns(open, [...known, 'more'], pushed).leftOut).toEqual([
      { column: 'more', why: 'unknown to the contract' },
    ]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('takes %s for an ordinary unknown name', (name) => {
    expect(faultsOf(['having_IP', 'duration', 'protocol', 'Result', name])).toEqual([
      { path: name, message: 'is unknown' },
    ]);
  });
});

describe('binding split columns', () => {
  const split = tinyContract({
    group: { column: 'capture' },
    split: { ...tinySource.split, time: 'seen_at' },
  });
  const known = ['having_IP', 'duration', 'protocol', 'Result'];

  it('finds them where labelled rows are pushed', () => {
    expect(bindColumns(split, ['Seen_At', ...known, ' CAPTURE '], pushed)).toMatchObject({
      columns: [1, 2, 3],
      label: 4,
      split: [5, 0],
    });
  });

  it('refuses labelled rows without them, or with one twice', () => {
    expect(faultsOf(known, pushed, split)).toEqual([
      { path: 'capture', message: 'is missing' },
      { path: 'seen_at', message: 'is missing' },
    ]);
    expect(faultsOf([...known, 'capture', 'seenAtt', 'Capture'], pushed, split)).toEqual([
      { path: 'Capture', message: "is the same column as 'capture'" },
      { path: 'seenAtt', message: 'is unknown; did you mean seen_at?' },
      { path: 'seen_at', message: 'is missing' },
    ]);
  });

  it('needs none where rows are scored, and lets them pass', () => {
    expect(bindColumns(split, known.slice(0, 3), scored).split).toEqual([-1, -1]);
    expect(bindColumns(split, [...known, 'capture'], scored).split).toEqual([4, -1]);
  });
});
