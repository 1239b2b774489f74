import type { Crew, Team } from '../parallel/team.js';
import type { Bundles } from './bundles.js';
import type { FeatureScan } from './feature-scan.js';
import { type FitMemory, mostArguments, shareMemory } from './fit-memory.js';
import { compileKernels, type Kernels } from './kernels/kernels.js';
import { argument, BoostingSteps, type Step } from './steps.js';

/** Nanoseconds of work, by estimate, from which a step is shared: meeting takes some microseconds, more where cores are busy. */
const worthSharing = 30_000;

/** The calling thread's side of a fit: it has steps done, alone or with the team's help. */
export class Fit {
  readonly shared: FitMemory;
  readonly scan: FeatureScan;
  readonly kernels: Kernels;
  private readonly own: BoostingSteps;
  private crew: Crew | undefined;
  private readonly given: Float64Array;

  /** @param leaves most leaves of a tree */
  constructor(
    bundles: Bundles,
    leaves: number,
    private readonly team: Team,
  ) {
    this.shared = shareMemory(bundles, team.size, leaves);
    const { memory, at } = this.shared;
    this.kernels = compileKernels(memory);
    this.own = new BoostingSteps(this.kernels, this.shared, 0);
    this.scan = this.own.scan;
    this.given = new Float64Array(memory.buffer, at.arguments, mostArguments);
  }

  set(name: keyof typeof argument, value: number, slot = 0): void {
    this.given[argument[name] + slot] = value;
  }

  /**
   * Does a step whose arguments are set.
   * @param work nanoseconds that it takes one thread, roughly, by sizes alone
   * @returns how many threads took part
   */
  do(step: Step, work: number): number {
    const shares = work < worthSharing ? 1 : this.shared.threads;
    this.given[argument.shares] = shares;
    if (shares === 1) {
      this.own.take(step, 0);
      return 1;
    }
    // Not before there is work for it: a small fit leaves the team alone.
    this.crew ??= this.team.enlist(new URL('./boosting.task.js', import.meta.url), this.shared);
    this.crew.step(step, (share) => this.own.take(step, share));
    return shares;
  }

  /** Lets the team go; to be called whatever happened. */
  end(): void {
    this.crew?.leave();
  }
}
