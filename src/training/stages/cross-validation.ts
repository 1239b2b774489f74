import type { ComputeService, WorkContext } from '../../compute/compute.service.js';
import type { Candidate, Contract } from '../../detector/contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import { deriveSeed } from '../../ml/random.js';
import type { Transformation } from '../../transformation/transform.task.js';
import type { FoldInput, FoldResult } from './fold.task.js';

const task = new URL('./fold.task.js', import.meta.url);

/** The folds of the training part, on which candidates are measured one fit a fold, in worker threads. */
export class CrossValidation {
  private readonly parts: readonly { readonly fitRows: Int32Array; readonly heldOut: Int32Array }[];

  constructor(
    private readonly compute: ComputeService,
    private readonly contract: Contract,
    private readonly snapshot: Snapshot,
    private readonly transformation: Transformation,
    private readonly seed: number,
  ) {
    const { train, folds, fitPlaces } = transformation;
    const rowsOf = (places: Int32Array): Int32Array => places.map((place) => train[place]);
    const rows = folds.map(rowsOf);
    this.parts = rows.map((heldOut, fold) => ({
      heldOut,
      fitRows: fitPlaces
        ? rowsOf(fitPlaces[fold])
        : Int32Array.from(rows.flatMap((part, other) => (other === fold ? [] : [...part]))),
    }));
  }

  get folds(): number {
    return this.parts.length;
  }

  /** Rows that the first fold is fitted on. */
  get fitRows(): number {
    return this.parts[0].fitRows.length;
  }

  /** Measures a candidate on one fold, fitted on all others or on a `share` of their rows in whole groups. */
  fitFold(candidate: Candidate, fold: number, context: WorkContext, share = 1): Promise<FoldResult> {
    const { contract, snapshot } = this;
    const { groups, supplementGroups } = this.transformation;
    const input: FoldInput = {
      contract,
      snapshot,
      ...this.parts[fold],
      groups,
      supplementGroups,
      ...(share < 1 && { share }),
      candidate,
      seed: deriveSeed(this.seed, fold),
    };
    return this.compute.run<FoldInput, FoldResult>(task, input, context);
  }

  /** Measures a candidate on all folds. */
  measure(candidate: Candidate, step: () => WorkContext): Promise<FoldResult[]> {
    return Promise.all(this.parts.map((_, fold) => this.fitFold(candidate, fold, step())));
  }

  /** Places in the training part that some fold is measured on, rising; a split by time has none for the first rows. */
  get measured(): Int32Array {
    return Int32Array.from(this.transformation.folds.flatMap((places) => [...places])).sort();
  }

  /** The probability of each training row, from the fold that did not see it; 0 where no fold is measured on it. */
  gather(results: readonly FoldResult[]): Float64Array {
    const outOfFold = new Float64Array(this.transformation.train.length);
    this.transformation.folds.forEach((places, fold) =>
      places.forEach((place, i) => (outOfFold[place] = results[fold].probabilities[i])),
    );
    return outOfFold;
  }
}
