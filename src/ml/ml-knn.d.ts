declare module 'ml-knn' {
  /** The parts of ml-knn 3 that are used here; the package has no types of its own. */
  export default class KNN {
    /**
     * @param distance called with a query and a stored point, and, to prune, with an object that has a
     *   number at each index but no length
     */
    constructor(
      dataset: number[][],
      labels: number[],
      options: { distance: (a: ArrayLike<number>, point: number[]) => number },
    );
    /** Each stored point is its coordinates and, last, its label. */
    readonly kdTree: { nearest(point: number[], count: number): [point: number[], distance: number][] };
  }
}
