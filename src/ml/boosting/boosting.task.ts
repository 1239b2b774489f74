import type { CrewTask } from '../parallel/team.js';
import type { FitMemory } from './fit-memory.js';
import { compileKernels } from './kernels/kernels.js';
import { BoostingSteps, type Step } from './steps.js';

/** Helps with a fit: what every other thread of its team runs. */
const help: CrewTask<FitMemory> = (shared, member) => {
  const work = new BoostingSteps(compileKernels(shared.memory), shared, member);
  return (step, share) => work.take(step as Step, share);
};
export default help;
