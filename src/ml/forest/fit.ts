import { binColumns, maxValueBins } from '../bins.js';
import {
  checkTrainingSet,
  type FitContext,
  type LearnerName,
  type LearnerOptions,
  rowWeights,
} from '../learner.js';
import type { Matrix } from '../matrix.js';
import { between, integer, oneOf, option, type OptionsOf, readOptions } from '../options.js';
import { alone } from '../parallel/team.js';
import { ForestModel } from './forest-model.js';
import { dealNoMore, type GrowInput, type GrownTree, growTrees, newCounters } from './grow.task.js';
import { joinTrees } from './join-trees.js';
import { mergeRows, type PlacedRows } from './merge-rows.js';
import type { ForestNodes } from './nodes.js';
import type { TreeOptions } from './tree.js';

/** What a tree takes. Whole numbers of `maxFeatures` are counts, others shares. */
export const treeTable = {
  criterion: option<'gini' | 'entropy'>('gini', oneOf('gini', 'entropy')),
  maxDepth: option<number | null>(null, integer(1), oneOf(null)),
  minSamplesSplit: option(2, integer(2)),
  minSamplesLeaf: option(1, integer(1)),
  maxFeatures: option<'sqrt' | 'log2' | number | null>(
    null,
    oneOf('sqrt', 'log2', null),
    integer(1),
    between(0, 1),
  ),
  classWeight: option<'balanced' | null>(null, oneOf('balanced', null)),
  maxBins: option(maxValueBins, integer(2, maxValueBins)),
};

/** What a forest takes. Whole numbers of `maxSamples` are counts, others shares. */
const forestTable = {
  nEstimators: option(100, integer(1, 10_000)),
  ...treeTable,
  maxFeatures: { ...treeTable.maxFeatures, default: 'sqrt' as const },
  bootstrap: option<boolean>(true, oneOf(true, false)),
  maxSamples: option<number | null>(null, integer(1), between(0, 1), oneOf(null)),
};
export type ForestOptions = OptionsOf<typeof forestTable>;

/** @throws RangeError on an unknown option or a bad value */
export function readForestOptions(
  learner: LearnerName,
  given: LearnerOptions,
  bootstrap: boolean,
): ForestOptions {
  const table = { ...forestTable, bootstrap: { ...forestTable.bootstrap, default: bootstrap } };
  const options = readOptions(learner, table, given);
  if (!options.bootstrap && options.maxSamples !== null) {
    throw new RangeError(`${learner}: maxSamples must be null where bootstrap is false`);
  }
  return options;
}

/** @throws RangeError when the fit cannot begin or `maxSamples` is above the number of rows */
export function fitForest(
  learner: LearnerName,
  options: ForestOptions & Pick<TreeOptions, 'splitter'>,
  x: Matrix,
  y: Uint8Array,
  context: FitContext,
): ForestModel {
  checkTrainingSet(x, y, context);
  const { nEstimators, bootstrap, maxSamples, classWeight } = options;
  const draws = bootstrap ? sampleSize(learner, maxSamples, x.rows) : 0;
  const plan = planTrees(x, y, options, context.categorical);
  const weights = new Float64Array(new SharedArrayBuffer(8 * x.rows));
  weights.set(rowWeights(y, context, classWeight));
  const { seed } = context;
  const input = { ...plan, weights, draws, seed, trees: nEstimators, counters: newCounters() };
  return new ForestModel(learner, joinTrees(growTogether(input, context)), x.columns);
}

/** Grows the forest with the help of the team. Where `onProgress` throws, the others are waited for first. */
function growTogether(input: GrowInput, { team = alone, onProgress }: FitContext): ForestNodes[] {
  const { trees, counters } = input;
  const task = new URL('./grow.task.js', import.meta.url);
  const help = (trees > 1 ? team : alone).start<GrowInput, GrownTree[]>(task, input);
  let grown: GrownTree[] = [];
  let reported = 0;
  try {
    grown = growTrees(input, (done) => {
      help.check();
      onProgress?.((reported = done), trees);
    });
  } finally {
    dealNoMore(counters, trees);
    grown = grown.concat(...help.finish());
  }
  if (reported < trees) onProgress?.(trees, trees);
  return grown.sort(([a], [b]) => a - b).map(([, nodes]) => nodes);
}

/** What trees are grown on: the binned rows of `x` in their places, and the options with counts filled in. */
export function planTrees(
  x: Matrix,
  y: Uint8Array,
  options: Omit<OptionsOf<typeof treeTable>, 'classWeight'> & Pick<TreeOptions, 'splitter'>,
  categorical?: readonly number[],
): PlacedRows & { options: TreeOptions } {
  const { criterion, splitter, minSamplesSplit, minSamplesLeaf, maxDepth, maxFeatures, maxBins } = options;
  const rows = placeRows(x, y, maxBins, categorical);
  const countsRows = minSamplesSplit > 2 || minSamplesLeaf > 1;
  return {
    ...(countsRows ? rows : mergeRows(rows)),
    options: {
      criterion,
      splitter,
      minSamplesSplit,
      minSamplesLeaf,
      maxDepth: maxDepth ?? Infinity,
      maxFeatures: featureCount(maxFeatures, x.columns),
    },
  };
}

/** Bins the rows with the benign ones first, as `TreeGrower` wants them. */
function placeRows(x: Matrix, y: Uint8Array, maxBins: number, categorical?: readonly number[]): PlacedRows {
  const order = new Int32Array(y.length);
  const places = new Int32Array(new SharedArrayBuffer(4 * y.length));
  const benignRows = y.length - y.reduce((sum, label) => sum + label, 0);
  const next = [0, benignRows];
  for (let row = 0; row < y.length; row++) {
    places[row] = next[y[row]]++;
    order[places[row]] = row;
  }
  return { bins: binColumns(x, order, maxBins, categorical), places, benignRows };
}

function sampleSize(learner: LearnerName, maxSamples: number | null, rows: number): number {
  if (maxSamples === null) return rows;
  if (maxSamples > rows) throw new RangeError(`${learner}: maxSamples is ${maxSamples} of ${rows} rows`);
  return maxSamples < 1 ? Math.max(1, Math.round(maxSamples * rows)) : maxSamples;
}

function featureCount(maxFeatures: 'sqrt' | 'log2' | number | null, columns: number): number {
  if (maxFeatures === null) return columns;
  if (maxFeatures === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(columns)));
  if (maxFeatures === 'log2') return Math.max(1, Math.floor(Math.log2(columns)));
  return maxFeatures < 1 ? Math.max(1, Math.floor(maxFeatures * columns)) : Math.min(maxFeatures, columns);
}
