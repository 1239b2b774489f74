import type { Matrix } from './matrix.js';
import { Random } from './random.js';

/*
 * Stratified splits that keep groups whole. Rows of one group (identical feature vectors, one domain, one capture)
 * never stand on both sides, or the test would measure memory.
 */

export interface Split {
  /** Row indices, rising. */
  readonly train: Int32Array;
  /** Row indices, rising. */
  readonly test: Int32Array;
}

/** Group id of each row: 0, 1, ... in order of first appearance; the same id means the same feature vector (NaN = NaN). */
export function groupsOf(x: Matrix): Int32Array {
  const hashes = rowHashes(x);
  const groups = new Int32Array(x.rows);
  const firstRow: number[] = [];
  /** Groups that share a hash but not their rows, as a list linked by `nextGroup`. */
  const nextGroup: number[] = [];
  const groupByHash = new Map<number, number>();
  for (let i = 0; i < x.rows; i++) {
    const head = groupByHash.get(hashes[i]) ?? -1;
    let group = head;
    while (group !== -1 && !sameRow(x, firstRow[group], i)) group = nextGroup[group];
    if (group === -1) {
      group = firstRow.push(i) - 1;
      nextGroup.push(head);
      groupByHash.set(hashes[i], group);
    }
    groups[i] = group;
  }
  return groups;
}

/** Renumbers any group ids to 0, 1, ... in order of first appearance. */
export function denseGroups(groups: Int32Array): { ids: Int32Array; count: number } {
  const known = new Map<number, number>();
  const ids = groups.map((group) => {
    const id = known.get(group) ?? known.size;
    known.set(group, id);
    return id;
  });
  return { ids, count: known.size };
}

/**
 * One grouped, stratified hold-out: about `testShare` of the rows of each class, off by the size of a group or so.
 * Both sides hold both classes.
 * @throws RangeError when `testShare` is not in (0, 1), or a class stands in fewer than two groups.
 */
export function groupedHoldout(
  y: Uint8Array,
  groups: Int32Array,
  { testShare, seed }: { testShare: number; seed: number },
): Split {
  if (!(testShare > 0 && testShare < 1))
    throw new RangeError(`testShare ${testShare} is not between 0 and 1`);
  const table = classTable(y, groups);
  const side = assign(table, [1 - testShare, testShare], seed);
  giveEachSideBothClasses(table, side);
  return { train: rowsOf(table.ids, side, 0), test: rowsOf(table.ids, side, 1) };
}

/**
 * Test rows of each fold of a grouped, stratified cross-validation; together they are every row once.
 * Equal in purpose to scikit-learn's StratifiedGroupKFold. Folds are never empty; one whose class stands in fewer
 * groups than there are folds may lack that class.
 * @throws RangeError when `folds` is not an integer >= 2, there are fewer groups than folds, or a class stands in
 * fewer than two groups.
 */
export function groupedFolds(
  y: Uint8Array,
  groups: Int32Array,
  { folds, seed }: { folds: number; seed: number },
): Int32Array[] {
  if (!Number.isInteger(folds) || folds < 2) throw new RangeError(`folds ${folds} is not an integer >= 2`);
  const table = classTable(y, groups);
  if (table.count < folds) throw new RangeError(`${table.count} groups cannot fill ${folds} folds`);
  const fold = assign(table, new Array<number>(folds).fill(1 / folds), seed);
  return Array.from({ length: folds }, (_, f) => rowsOf(table.ids, fold, f));
}

/** Rows of each class in each group. */
interface ClassTable {
  readonly ids: Int32Array;
  readonly count: number;
  /** `perClass[c][group]` */
  readonly perClass: readonly [Int32Array, Int32Array];
  readonly totals: readonly [number, number];
}

function classTable(y: Uint8Array, groups: Int32Array): ClassTable {
  if (y.length !== groups.length) throw new RangeError(`${y.length} labels for ${groups.length} groups`);
  const { ids, count } = denseGroups(groups);
  const perClass: [Int32Array, Int32Array] = [new Int32Array(count), new Int32Array(count)];
  const totals: [number, number] = [0, 0];
  ids.forEach((group, i) => {
    perClass[y[i]][group]++;
    totals[y[i]]++;
  });
  for (const label of [0, 1] as const) {
    const holding = perClass[label].reduce((n, rows) => n + (rows > 0 ? 1 : 0), 0);
    if (holding < 2) {
      throw new RangeError(`class ${label} stands in ${holding} groups: at least 2 are needed to split`);
    }
  }
  return { ids, count, perClass, totals };
}

/**
 * Greedy: groups in random order, the largest first, each to the part where the sum over classes and parts of
 * (share reached - share wanted)^2 / (share wanted) then stays least; ties go to the part with fewest rows for its
 * share. Returns the part of each group.
 */
function assign(
  { count, perClass, totals }: ClassTable,
  shares: readonly number[],
  seed: number,
): Int32Array {
  const size = perClass[0].map((benign, group) => benign + perClass[1][group]);
  const order = new Random(seed).shuffle(Int32Array.from({ length: count }, (_, g) => g));
  order.sort((a, b) => size[b] - size[a]);
  const filled = shares.map(() => [0, 0]);
  const part = new Int32Array(count);
  const loadWith = (group: number, k: number): number =>
    (filled[k][0] + filled[k][1] + size[group]) / shares[k];
  const costOf = (group: number, k: number): number => {
    let cost = 0;
    for (let c = 0; c < 2; c++) {
      const added = perClass[c][group] / totals[c];
      const missing = shares[k] - filled[k][c] / totals[c];
      cost += (added * (added - 2 * missing)) / shares[k];
    }
    return cost;
  };
  for (const group of order) {
    let best = 0;
    let bestCost = costOf(group, 0);
    for (let k = 1; k < shares.length; k++) {
      const cost = costOf(group, k);
      if (cost < bestCost || (cost === bestCost && loadWith(group, k) < loadWith(group, best))) {
        best = k;
        bestCost = cost;
      }
    }
    part[group] = best;
    filled[best][0] += perClass[0][group];
    filled[best][1] += perClass[1][group];
  }
  return part;
}

/** With few large groups the fair share of the small side can be no group at all: it then gets the smallest. */
function giveEachSideBothClasses({ perClass }: ClassTable, side: Int32Array): void {
  const groups = Array.from(side.keys());
  const holders = (label: number, part: number): number[] =>
    groups.filter((group) => perClass[label][group] > 0 && side[group] === part);
  const pairs = [0, 1].flatMap((label) => [0, 1].map((part) => [label, part] as const));
  for (const [label, part] of pairs) {
    if (holders(label, part).length > 0) continue;
    const smallest = holders(label, 1 - part).reduce((a, b) =>
      perClass[label][b] < perClass[label][a] ? b : a,
    );
    side[smallest] = part;
  }
  if (pairs.some(([label, part]) => holders(label, part).length === 0)) {
    throw new RangeError('the groups cannot be split so that both sides hold both classes');
  }
}

function rowsOf(ids: Int32Array, part: Int32Array, wanted: number): Int32Array {
  return Int32Array.from(ids.keys()).filter((i) => part[ids[i]] === wanted);
}

function rowHashes(x: Matrix): Int32Array {
  const hashes = new Int32Array(x.rows);
  const value = new Float64Array(1);
  const [low, high] = [0, 1];
  const bits = new Int32Array(value.buffer);
  for (let j = 0; j < x.columns; j++) {
    const column = x.column(j);
    for (let i = 0; i < x.rows; i++) {
      // NaN has many bit patterns and zero has two; rows that compare equal must hash alike.
      value[0] = Number.isNaN(column[i]) ? NaN : column[i] + 0;
      const mixed = Math.imul(hashes[i] ^ bits[low], 0x85ebca6b) ^ Math.imul(bits[high], 0xc2b2ae35);
      hashes[i] = mixed ^ (mixed >>> 15);
    }
  }
  return hashes;
}

function sameRow(x: Matrix, a: number, b: number): boolean {
  for (let j = 0; j < x.columns; j++) {
    const [left, right] = [x.at(a, j), x.at(b, j)];
    if (left !== right && !(Number.isNaN(left) && Number.isNaN(right))) return false;
  }
  return true;
}
