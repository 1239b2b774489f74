import { Injectable } from '@nestjs/common';
import { ComputeService, type WorkContext } from '../../compute/compute.service.js';
import type { Contract } from '../../detector/contract.js';
import type { Snapshot } from '../../detector/dataset.js';
import type { Transformation } from '../../transformation/transform.task.js';
import type { Evaluation, EvaluationInput } from './evaluate.task.js';
import type { Trained } from './trainer.service.js';

const task = new URL('./evaluate.task.js', import.meta.url);

/** Calibration, thresholds and the one measurement on the test part. */
@Injectable()
export class EvaluationService {
  constructor(private readonly compute: ComputeService) {}

  evaluate(
    contract: Contract,
    snapshot: Snapshot,
    transformation: Transformation,
    { winner, model, outOfFold, novelty }: Trained,
    seed: number,
    context: WorkContext,
  ): Promise<Evaluation> {
    const preprocessor = transformation.preprocessors[winner.name];
    return this.compute.run<EvaluationInput, Evaluation>(
      task,
      { contract, snapshot, transformation, preprocessor, model, outOfFold, seed, novelty },
      context,
    );
  }
}
