import { CsrMatrix } from './csr-matrix.js';

/** What a matrix is made of, as another thread receives it. */
export type MatrixParts = Pick<Matrix, 'rows' | 'columns' | 'data'> & {
  readonly sparse?: Pick<CsrMatrix, 'rows' | 'columns' | 'indptr' | 'indices' | 'values'>;
};

/**
 * A dense table of numbers, one typed array, column after column. `NaN` is a missing value.
 *
 * Column-major because every learner here reads one feature at a time while it fits. The buffer may be
 * shared between threads. Features of which a row has few of very many, n-grams of a text, stand beside it as a sparse
 * table of the same rows; most learners have no use for them.
 */
export class Matrix {
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly data: Float64Array = new Float64Array(rows * columns),
    readonly sparse?: CsrMatrix,
  ) {
    if (data.length !== rows * columns) {
      throw new RangeError(`matrix: ${rows} x ${columns} needs ${rows * columns} values, got ${data.length}`);
    }
    if (sparse && sparse.rows !== rows) {
      throw new RangeError(`matrix: ${rows} rows beside a sparse table of ${sparse.rows}`);
    }
  }

  /** Puts together what came from another thread, which structured cloning has taken apart. */
  static of({ rows, columns, data, sparse }: MatrixParts): Matrix {
    return new Matrix(
      rows,
      columns,
      data,
      sparse && new CsrMatrix(sparse.rows, sparse.columns, sparse.indptr, sparse.indices, sparse.values),
    );
  }

  /** A matrix whose buffer other threads can read without a copy. */
  static shared(rows: number, columns: number): Matrix {
    return new Matrix(rows, columns, new Float64Array(new SharedArrayBuffer(rows * columns * 8)));
  }

  /** Copies arrays of equal length, one a row. */
  static fromRows(rows: readonly ArrayLike<number>[], columns = rows[0]?.length ?? 0): Matrix {
    const matrix = new Matrix(rows.length, columns);
    rows.forEach((row, i) => matrix.setRow(i, row));
    return matrix;
  }

  /** View of column `j`, `rows` values. */
  column(j: number): Float64Array {
    return this.data.subarray(j * this.rows, (j + 1) * this.rows);
  }

  at(row: number, column: number): number {
    return this.data[column * this.rows + row];
  }

  /** Copies row `i` into `out` (or a new array) of `columns` values. */
  row(i: number, out = new Float64Array(this.columns)): Float64Array {
    for (let j = 0; j < this.columns; j++) out[j] = this.data[j * this.rows + i]!;
    return out;
  }

  setRow(i: number, values: ArrayLike<number>): void {
    if (values.length !== this.columns) {
      throw new RangeError(`matrix: row of ${values.length} values in a matrix of ${this.columns} columns`);
    }
    for (let j = 0; j < this.columns; j++) this.data[j * this.rows + i] = values[j]!;
  }

  /** A copy of the rows at `indices`, in that order. */
  take(indices: ArrayLike<number>): Matrix {
    return Matrix.gather([[this, indices]]);
  }

  /** A copy of rows of several matrices of equal columns, one matrix's below the other's. */
  static gather(parts: readonly (readonly [Matrix, ArrayLike<number>])[]): Matrix {
    const [[first]] = parts;
    const sparse = parts.flatMap(([{ sparse }, rows]) => (sparse ? [[sparse, rows] as const] : []));
    const count = parts.reduce((sum, [, rows]) => sum + rows.length, 0);
    const out = new Matrix(count, first.columns, undefined, first.sparse && CsrMatrix.gather(sparse));
    let start = 0;
    for (const [matrix, rows] of parts) {
      for (let j = 0; j < out.columns; j++) {
        const from = j * matrix.rows;
        const to = j * count + start;
        for (let i = 0; i < rows.length; i++) out.data[to + i] = matrix.data[from + rows[i]]!;
      }
      start += rows.length;
    }
    return out;
  }
}
