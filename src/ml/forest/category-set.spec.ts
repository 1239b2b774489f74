import { binColumns } from '../bins.js';
import { Matrix } from '../matrix.js';
import { addCode, categoriesOf, codeOfValue, hasCode, setWords } from './category-set.js';

const codesOf = (set: Uint32Array): number[] =>
  Array.from({ length: 256 }, (_, c) => c).filter((c) => hasCode(set, c));

describe('a set of codes', () => {
  it('has the codes that were added, at both ends of its words too', () => {
    const set = new Uint32Array(2 * setWords);
    for (const code of [0, 31, 32, 255]) addCode(set, code, setWords);
    expect(codesOf(set.subarray(setWords))).toEqual([0, 31, 32, 255]);
    expect(codesOf(set)).toEqual([]);
  });

  it.each([
    [0, 0],
    [254, 254],
    [255, 255],
    [256, 255],
    [-1, 255],
    [1.5, 255],
    [NaN, 255],
    [Infinity, 255],
    [2 ** 32, 255],
  ])('takes the value %d for the code %d', (value, code) => {
    expect(codeOfValue(value)).toBe(code);
  });

  it('becomes one of categories, in which codes that training never had go with missing values', () => {
    const bins = binColumns(new Matrix(3, 1, Float64Array.of(200, 3, 40)), Int32Array.of(0, 1, 2), 255, [0]);
    const set = new Uint32Array(setWords);
    addCode(set, 1);
    expect(codesOf(categoriesOf(bins, 0, set, false))).toEqual([40]);
    const others = Array.from({ length: 256 }, (_, code) => code).filter(
      (code) => code !== 3 && code !== 200,
    );
    expect(codesOf(categoriesOf(bins, 0, set, true))).toEqual(others);
  });
});
