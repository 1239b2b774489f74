import { Injectable } from '@nestjs/common';
import { ComputeService, type WorkContext } from '../compute/compute.service.js';
import type { Candidate, Contract } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import type { Transformation, TransformationInput } from './transform.task.js';

const task = new URL('./transform.task.js', import.meta.url);

/** Splits a snapshot and prepares it for each candidate. */
@Injectable()
export class TransformationService {
  constructor(private readonly compute: ComputeService) {}

  transform(
    contract: Contract,
    snapshot: Snapshot,
    candidates: readonly Candidate[],
    seed: number,
    context: WorkContext,
  ): Promise<Transformation> {
    const names = candidates.map(({ name }) => name);
    return this.compute.run<TransformationInput, Transformation>(
      task,
      { contract, snapshot, candidates: names, seed },
      context,
    );
  }
}
