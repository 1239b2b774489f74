import fc from 'fast-check';
import { CsrMatrix, presentColumns, withColumns } from './csr-matrix.js';
import { Matrix } from './matrix.js';

const dense = Matrix.fromRows([[0, 5, 0], [0, 0, 0], [-1, 0, 2.5]]); // prettier-ignore

/** Arrays of a 2 x 3 matrix with one of them changed. */
const build = (change: { indptr?: number[]; indices?: number[]; values?: number[] }): CsrMatrix => {
  const { indptr, indices, values } = { indptr: [0, 2, 3], indices: [0, 2, 1], values: [1, 2, 3], ...change };
  return new CsrMatrix(2, 3, Int32Array.from(indptr), Int32Array.from(indices), Float64Array.from(values));
};

describe('CsrMatrix', () => {
  it('keeps the non-zeros of a dense table, row after row', () => {
    const x = CsrMatrix.fromDense(dense);
    expect([x.rows, x.columns]).toEqual([3, 3]);
    expect([...x.indptr]).toEqual([0, 1, 1, 3]);
    expect([...x.indices]).toEqual([1, 0, 2]);
    expect([...x.values]).toEqual([5, -1, 2.5]);
    expect(x.row(2)).toEqual({ columns: Int32Array.of(0, 2), values: Float64Array.of(-1, 2.5) });
  });

  it('takes rows in any order, more than once', () => {
    const x = CsrMatrix.fromDense(dense).take([2, 1, 2]);
    expect(x).toEqual(CsrMatrix.fromDense(dense.take([2, 1, 2])));
    expect(() => x.take([3])).toThrow(new RangeError('sparse matrix: there is no row 3 of 3'));
    expect(() => x.take([0.5])).toThrow(RangeError);
  });

  it('takes the rows that a dense table takes', () => {
    const cell = fc.oneof(fc.constant(0), fc.integer({ min: -3, max: 3 }));
    const table = fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(table, fc.array(fc.nat(), { maxLength: 20 }), (rows, picks) => {
        const x = Matrix.fromRows(rows);
        const taken = picks.map((pick) => pick % rows.length);
        expect(CsrMatrix.fromDense(x).take(taken)).toEqual(CsrMatrix.fromDense(x.take(taken)));
      }),
    );
  });

  it('keeps shared buffers', () => {
    const values = new Float64Array(new SharedArrayBuffer(8));
    expect(new CsrMatrix(1, 1, Int32Array.of(0, 1), Int32Array.of(0), values).values).toBe(values);
  });

  it('may be empty', () => {
    expect(CsrMatrix.fromDense(new Matrix(0, 4)).indptr).toEqual(Int32Array.of(0));
    expect(CsrMatrix.fromDense(new Matrix(2, 0)).take([1]).rows).toBe(1);
  });

  it('does without the columns that no row has', () => {
    const wide = new CsrMatrix(
      2,
      90,
      Int32Array.of(0, 2, 3),
      Int32Array.of(70, 3, 70),
      Float64Array.of(1, 2, 3),
    );
    expect(presentColumns(wide)).toEqual(Int32Array.of(3, 70));
    const narrow = withColumns(wide, presentColumns(wide));
    expect([narrow.columns, ...narrow.indices]).toEqual([2, 1, 0, 1]);
    expect(narrow.values).toEqual(wide.values);
  });

  it.each([
    ['too few row starts', { indptr: [0, 3] }, '2 rows need 3 row starts, got 2'],
    ['rows that begin late', { indptr: [1, 2, 3] }, 'rows from 1 to 3 of 3'],
    ['rows that end early', { indptr: [0, 2, 2] }, 'rows from 0 to 2 of 3'],
    ['a row that ends before it begins', { indptr: [0, 4, 3] }, 'sparse matrix:'],
    ['a row that begins before 0', { indptr: [0, -1, 3] }, 'row 0 ends before it begins'],
    ['fewer values than columns', { values: [1, 2] }, 'of 3 indices and 2 values'],
    ['a column that does not exist', { indices: [0, 3, 1] }, 'column 3 of 3 in row 0'],
    ['a negative column', { indices: [-1, 2, 1] }, 'column -1 of 3 in row 0'],
    ['a missing value', { values: [1, NaN, 3] }, 'column 2 has the value NaN in row 0'],
    ['an endless value', { values: [1, 2, -Infinity] }, 'column 1 has the value -Infinity in row 1'],
  ])('refuses %s', (_, change, message) => {
    expect(() => build(change)).toThrow(RangeError);
    expect(() => build(change)).toThrow(message);
  });

  it('refuses missing values of a dense table and impossible sizes', () => {
    expect(() => CsrMatrix.fromDense(Matrix.fromRows([[1, NaN]]))).toThrow(
      'column 1 has the value NaN in row 0',
    );
    const none = new Int32Array(0);
    expect(() => new CsrMatrix(-1, 2, none, none, new Float64Array(0))).toThrow('-1 x 2');
    expect(() => new CsrMatrix(0.5, 2, none, none, new Float64Array(0))).toThrow(RangeError);
  });
});
