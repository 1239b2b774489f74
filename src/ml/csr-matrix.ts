/** A dense table, column after column, as `Matrix` is one. */
interface DenseTable {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** One row of a sparse matrix: its non-zero columns, in any order, and their values. */
export interface SparseRow {
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/**
 * A sparse table of numbers in compressed rows, laid out as scipy's `csr_matrix`: the non-zeros of row `i` stand
 * at `indptr[i]` to `indptr[i + 1]` of `indices` (their columns, in any order, none twice) and `values`. What is not
 * stored is 0; nothing is missing. The buffers may be shared between threads.
 */
export class CsrMatrix {
  /** @throws RangeError when the arrays do not make up such rows, or a value is not finite */
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly indptr: Int32Array,
    readonly indices: Int32Array,
    readonly values: Float64Array,
  ) {
    checkExtents(this);
    checkEntries(this);
  }

  /**
   * Rows of length 1 that have one value at all of their columns.
   * @param places columns of each row, none twice
   */
  static ofUnitRows(columns: number, places: readonly ArrayLike<number>[]): CsrMatrix {
    const indptr = new Int32Array(places.length + 1);
    places.forEach((row, i) => (indptr[i + 1] = indptr[i] + row.length));
    const indices = new Int32Array(indptr[places.length]);
    const values = new Float64Array(indices.length);
    places.forEach((row, i) => {
      indices.set(row, indptr[i]);
      values.fill(1 / Math.sqrt(row.length), indptr[i], indptr[i + 1]);
    });
    return new CsrMatrix(places.length, columns, indptr, indices, values);
  }

  /** The non-zeros of a table without missing values. @throws RangeError on one */
  static fromDense(x: DenseTable): CsrMatrix {
    const indptr = new Int32Array(x.rows + 1);
    for (let at = 0; at < x.data.length; at++) {
      if (x.data[at] !== 0) indptr[(at % x.rows) + 1]++;
    }
    for (let i = 0; i < x.rows; i++) indptr[i + 1] += indptr[i];
    const indices = new Int32Array(indptr[x.rows]);
    const values = new Float64Array(indptr[x.rows]);
    const next = indptr.slice(0, x.rows);
    for (let j = 0; j < x.columns; j++) {
      x.data.subarray(j * x.rows, (j + 1) * x.rows).forEach((value, i) => {
        if (value === 0) return;
        indices[next[i]] = j;
        values[next[i]++] = value;
      });
    }
    return new CsrMatrix(x.rows, x.columns, indptr, indices, values);
  }

  /** Views of row `i`. */
  row(i: number): SparseRow {
    const [from, to] = [this.indptr[i], this.indptr[i + 1]];
    return { columns: this.indices.subarray(from, to), values: this.values.subarray(from, to) };
  }

  /** A copy of the rows at `indices`, in that order. @throws RangeError when there is no such row */
  take(indices: ArrayLike<number>): CsrMatrix {
    return CsrMatrix.gather([[this, indices]]);
  }

  /** A copy of rows of several tables of equal columns, one table's below the other's. */
  static gather(parts: readonly (readonly [CsrMatrix, ArrayLike<number>])[]): CsrMatrix {
    const count = parts.reduce((sum, [, indices]) => sum + indices.length, 0);
    const indptr = new Int32Array(count + 1);
    let at = 0;
    for (const [table, indices] of parts) {
      for (let i = 0; i < indices.length; i++, at++) {
        const row = indices[i];
        if (!Number.isInteger(row) || row < 0 || row >= table.rows) {
          throw new RangeError(`sparse matrix: there is no row ${row} of ${table.rows}`);
        }
        indptr[at + 1] = indptr[at] + table.indptr[row + 1] - table.indptr[row];
      }
    }
    const columns = new Int32Array(indptr[count]);
    const values = new Float64Array(indptr[count]);
    at = 0;
    for (const [table, indices] of parts) {
      for (let i = 0; i < indices.length; i++, at++) {
        const row = table.row(indices[i]);
        columns.set(row.columns, indptr[at]);
        values.set(row.values, indptr[at]);
      }
    }
    return new CsrMatrix(count, parts[0][0].columns, indptr, columns, values);
  }
}

/** The columns of which some row has a non-zero, rising. */
export function presentColumns({ columns, indices }: CsrMatrix): Int32Array {
  const present = new Uint8Array(columns);
  for (const column of indices) present[column] = 1;
  return Int32Array.from(present.keys()).filter((column) => present[column] === 1);
}

/** The same table with these columns alone, numbered anew. @param kept all that have a non-zero among them */
export function withColumns(
  { rows, columns, indptr, indices, values }: CsrMatrix,
  kept: Int32Array,
): CsrMatrix {
  const places = new Int32Array(columns);
  kept.forEach((column, place) => (places[column] = place));
  return new CsrMatrix(
    rows,
    kept.length,
    indptr,
    indices.map((column) => places[column]),
    values,
  );
}

function checkExtents({ rows, columns, indptr, indices, values }: CsrMatrix): void {
  if (![rows, columns].every((count) => Number.isInteger(count) && count >= 0)) {
    throw new RangeError(`sparse matrix: ${rows} x ${columns}`);
  }
  if (indptr.length !== rows + 1) {
    throw new RangeError(`sparse matrix: ${rows} rows need ${rows + 1} row starts, got ${indptr.length}`);
  }
  if (indptr[0] !== 0 || indptr[rows] !== indices.length || values.length !== indices.length) {
    throw new RangeError(
      `sparse matrix: rows from ${indptr[0]} to ${indptr[rows]} of ${indices.length} indices and ${values.length} values`,
    );
  }
}

function checkEntries({ rows, columns, indptr, indices, values }: CsrMatrix): void {
  for (let i = 0; i < rows; i++) {
    // A row that ends beyond the arrays reads undefined there, which no comparison below lets pass.
    if (indptr[i + 1] < indptr[i]) throw new RangeError(`sparse matrix: row ${i} ends before it begins`);
  }
  // In one sweep without branches whether there is anything to find: every request comes through here.
  let outside = 0;
  let sum = 0;
  for (let at = 0; at < indices.length; at++) {
    outside |= indices[at] | (columns - 1 - indices[at]);
    sum += values[at];
  }
  if (outside < 0) {
    const at = indices.findIndex((column) => column < 0 || column >= columns);
    throw new RangeError(`sparse matrix: column ${indices[at]} of ${columns} in row ${rowOf(at, indptr)}`);
  }
  const at = Number.isFinite(sum) ? -1 : values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0)
    throw new RangeError(`column ${indices[at]} has the value ${values[at]} in row ${rowOf(at, indptr)}`);
}

/** The row of a non-zero. */
function rowOf(at: number, indptr: Int32Array): number {
  return indptr.findLastIndex((start) => start <= at);
}
