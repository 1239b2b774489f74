import { ExtraTrees } from '../extra-trees.js';
import { FakeTeam } from '../fixtures/fake-team.js';
import { Matrix } from '../matrix.js';
import { alone, MemberLostError, type Team, type TeamWork } from '../parallel/team.js';
import { Random } from '../random.js';
import { RandomForest } from '../random-forest.js';
import growTask, { type GrowInput, type GrownTree } from './grow.task.js';

const random = new Random(4);
const rows = Array.from({ length: 300 }, () => [
  random.float(),
  random.below(12),
  random.float() < 0.3 ? NaN : random.below(5),
]);
const x = Matrix.fromRows(rows);
const y = Uint8Array.from(rows, ([a, b]) => +(a > 0.5 !== (b % 3 === 0)));
const options = { nEstimators: 9 };

/** A team whose members come to work when the caller has no more trees, or take some before it begins. */
class EagerTeam implements Team {
  readonly size = 3;
  finished = 0;

  constructor(private readonly before: number) {}

  start<Input, Output>(_file: URL, input: Input): TeamWork<Output> {
    const { counters, ...others } = input as unknown as GrowInput;
    const first = growTask({ ...others, counters, trees: this.before });
    Atomics.sub(counters, 0, 1);
    return {
      check: () => undefined,
      finish: () => {
        this.finished++;
        return [first, growTask({ ...others, counters })] as Output[];
      },
    };
  }

  enlist(): never {
    throw new Error('a forest needs no crew');
  }
}

describe('a forest that threads grow together', () => {
  it.each([RandomForest, ExtraTrees])('is the same to the bit whoever grows which tree', (Forest) => {
    const fit = (team?: Team): unknown =>
      new Forest(options).fit(x, y, { seed: 2, team, categorical: [1] }).toState();
    const wanted = fit();
    expect(fit(new FakeTeam(4, growTask))).toEqual(wanted);
    for (const before of [1, 5, 8]) expect(fit(new EagerTeam(before))).toEqual(wanted);
  });

  it('tells of the trees of all threads, and in the end of all trees', () => {
    const progress = (team: Team): number[] => {
      const reported: number[] = [];
      new RandomForest(options).fit(x, y, { seed: 2, team, onProgress: (done) => reported.push(done) });
      return reported;
    };
    expect(progress(new EagerTeam(5))).toEqual([6, 7, 8, 9]);
    expect(progress(new FakeTeam(2, growTask))).toEqual([9]);
  });

  it('deals no more trees and waits for the others when the listener throws', () => {
    let dealt: GrownTree[] = [];
    let input: GrowInput | undefined;
    const team: Team = {
      ...new EagerTeam(0),
      size: 2,
      enlist: () => {
        throw new Error('a forest needs no crew');
      },
      start: <Input, Output>(_file: URL, given: Input) => {
        input = given as unknown as GrowInput;
        return {
          check: () => undefined,
          finish: (): Output[] => {
            dealt = growTask(input!);
            return [dealt as Output];
          },
        };
      },
    };
    const onProgress = (done: number): void => {
      if (done === 3) throw new Error('cancelled');
    };
    expect(() => new RandomForest(options).fit(x, y, { seed: 2, team, onProgress })).toThrow('cancelled');
    expect(dealt).toEqual([]);
    expect(input!.counters[1]).toBe(3);
  });

  it('grows no more trees alone once a member is lost', () => {
    const lost = (): never => {
      throw new MemberLostError('exit code 9');
    };
    let trees = 0;
    const team: Team = { ...alone, size: 2, start: () => ({ check: lost, finish: () => [] }) };
    const onProgress = (): number => trees++;
    const fit = (): unknown => new RandomForest(options).fit(x, y, { seed: 2, team, onProgress });
    expect(fit).toThrow(MemberLostError);
    expect(trees).toBe(0);
  });

  it('does not start a team for one tree', () => {
    const team = new EagerTeam(1);
    new RandomForest({ nEstimators: 1 }).fit(x, y, { seed: 2, team });
    expect(team.finished).toBe(0);
  });
});
