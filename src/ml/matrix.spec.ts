import { CsrMatrix } from './csr-matrix.js';
import { Matrix } from './matrix.js';

const sparse = new CsrMatrix(
  3,
  5,
  Int32Array.of(0, 1, 1, 3),
  Int32Array.of(4, 0, 2),
  Float64Array.of(7, 8, 9),
);
const matrix = new Matrix(3, 2, Float64Array.of(1, 2, 3, 10, 20, 30), sparse);

describe('a matrix with a sparse table beside it', () => {
  it('takes rows of both', () => {
    const taken = matrix.take([2, 0]);
    expect([...taken.row(0)]).toEqual([3, 30]);
    expect([...taken.sparse!.row(0).columns]).toEqual([0, 2]);
    expect([...taken.sparse!.row(1).values]).toEqual([7]);
  });

  it('is put together again from what another thread receives', () => {
    const revived = Matrix.of(structuredClone(matrix));
    expect([...revived.row(1)]).toEqual([2, 20]);
    expect([...revived.sparse!.row(2).values]).toEqual([8, 9]);
  });

  it('refuses a sparse table of other rows', () => {
    expect(() => new Matrix(2, 1, Float64Array.of(1, 2), sparse)).toThrow(
      '2 rows beside a sparse table of 3',
    );
  });
});
