import type { Contract } from '../detector/contract.js';
import type { RunRecorder } from './run-recorder.js';

/** Takes a run through its stages. The room that has the stages imports this one, so it is given by the injector. */
export abstract class RunPipeline {
  /** Returns once the run's result stands in its record. @throws what stops the run */
  abstract execute(contract: Contract, recorder: RunRecorder): Promise<void>;
}

/** Says whether a run would find anything that its predecessors did not; given by the injector, too. */
export abstract class RunFreshness {
  /** Why a run would make a version that is there already; null when it would make another one. */
  abstract staleReason(contract: Contract): Promise<string | null>;
}
