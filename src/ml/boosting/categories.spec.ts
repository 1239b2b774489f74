import { CategoryRanking } from './categories.js';

const pack = (gradient: number, hessian: number): number => gradient * 2 ** 26 + hessian;

describe('CategoryRanking', () => {
  // 100 rows with a Hessian of 10 each: a category with a Hessian of 200 has 20 rows.
  const sums = Float64Array.of(
    0,
    pack(-50, 200),
    pack(400, 200),
    pack(-90, 400),
    pack(-900, 99),
    pack(640, 101),
  );
  const ranking = new CategoryRanking();

  it('puts those with the lowest gradient for their rows, and ten more, first', () => {
    ranking.rank(sums, 1, 3, pack(0, 1000), 100);
    // -50 / 30, 400 / 30 and -90 / 50
    expect([...ranking.bins.slice(0, ranking.count)]).toEqual([2, 0, 1]);
    ranking.reverse();
    expect([...ranking.bins.slice(0, ranking.count)]).toEqual([1, 0, 2]);
  });

  it('leaves those out that have fewer than ten rows', () => {
    ranking.rank(sums, 1, 5, pack(0, 1000), 100);
    expect([...ranking.bins.slice(0, ranking.count)]).toEqual([2, 0, 1, 4]);
  });
});
