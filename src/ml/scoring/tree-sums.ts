import type { ForestNodes } from '../forest/nodes.js';
import { Matrix } from '../matrix.js';
import { alone, type Team } from '../parallel/team.js';
import { type ByteTrees, packByteTrees } from './byte-trees.js';
import { chunkRowsOf } from './deep-trees.js';
import { packNodes, type PackedNodes, walk } from './packed-nodes.js';
import scoreShares, { addTrees, type ScoreInput } from './score.task.js';
import { hasKernels } from './tree-kernels.js';

/** Fewer rows are walked one after another: a block of 64 takes the kernel as long as three that way. */
const fewestRows = { bytes: 3, packed: 16 };
/** Nodes that are copied to the kernel in the time that it saves on a row. */
const nodesARow = 60_000;
/** Rows x trees from which on a team saves more than calling it costs, some tenths of a millisecond. */
const teamWork = { bytes: 2e6, packed: 1e5 };
/** Rows that a thread takes at once, of trees of few leaves. */
const byteShare = 2048;
/** Rows that are copied for a team at once where they are not shared. */
const sharedRows = 65_536;

/**
 * Sums up what a forest's trees say of rows: walked plainly where they are few, and else by one of two compiled
 * kernels. The tables for that are made when they are first needed. All ways add in the same order, and so agree to
 * the bit.
 */
export class TreeSums {
  private packed: PackedNodes | undefined;
  private bytes: ByteTrees | null | undefined;

  /** @param columns of the rows */
  constructor(
    private readonly nodes: ForestNodes,
    private readonly columns: number,
  ) {}

  /** Adds each tree's leaf value for the rows of `x`, which has as many columns, to `out`. */
  add(x: Matrix, out: Float64Array, team: Team = alone): void {
    const model = x.rows >= fewestRows.bytes && hasKernels() ? this.modelFor(x.rows) : null;
    if (!model) walk(this.packedNodes(), x, out);
    else if (team.size > 1 && x.rows * this.trees >= teamWork[model.kind]) share(model, x, out, team);
    else addTrees(model, x, 0, x.rows, out);
  }

  private get trees(): number {
    return this.nodes.starts.length - 1;
  }

  /** What a kernel takes, or null where the plain walk is quicker. */
  private modelFor(rows: number): ByteTrees | PackedNodes | null {
    this.bytes = this.bytes === undefined ? packByteTrees(this.nodes) : this.bytes;
    if (this.bytes) return this.bytes;
    const fewest = fewestRows.packed + this.nodes.feature.length / nodesARow;
    return rows >= fewest ? this.packedNodes() : null;
  }

  private packedNodes(): PackedNodes {
    return (this.packed ??= packNodes(this.nodes, this.columns));
  }
}

/** Has the team score the rows. */
function share(model: ByteTrees | PackedNodes, x: Matrix, out: Float64Array, team: Team): void {
  const isShared = x.data.buffer instanceof SharedArrayBuffer;
  const most = isShared ? x.rows : sharedRows;
  for (let from = 0; from < x.rows; from += most) {
    const rows = Math.min(most, x.rows - from);
    const { data } = isShared ? x : sharedPart(x, from, rows);
    const sums = new Float64Array(new SharedArrayBuffer(8 * rows));
    sums.set(out.subarray(from, from + rows));
    const input: ScoreInput = {
      model,
      rows,
      columns: x.columns,
      data,
      out: sums,
      share: shareOf(model, rows, team.size),
      next: new Int32Array(new SharedArrayBuffer(4)),
    };
    const others = team.start<ScoreInput, void>(new URL('./score.task.js', import.meta.url), input);
    scoreShares(input);
    others.finish();
    out.set(sums, from);
  }
}

function shareOf(model: ByteTrees | PackedNodes, rows: number, threads: number): number {
  const most = model.kind === 'bytes' ? byteShare : chunkRowsOf(model);
  return Math.min(most, Math.ceil(rows / threads / 64) * 64);
}

function sharedPart(x: Matrix, from: number, rows: number): Matrix {
  const part = Matrix.shared(rows, x.columns);
  for (let j = 0; j < x.columns; j++) part.column(j).set(x.column(j).subarray(from, from + rows));
  return part;
}
