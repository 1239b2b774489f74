import { Injectable } from '@nestjs/common';
import type { Candidate, Contract } from '../detector/contract.js';
import type { Snapshot } from '../detector/dataset.js';
import { SnapshotsService } from '../ingestion/snapshots.service.js';
import type { Transformation } from '../transformation/transform.task.js';
import { TransformationService } from '../transformation/transformation.service.js';
import { ValidationService } from '../validation/validation.service.js';
import type { RunRecorder } from '../runs/run-recorder.js';
import type { RunPipeline } from '../runs/run-work.js';
import { EvaluationService } from './stages/evaluation.service.js';
import { type Made, RegistrationService } from './stages/registration.service.js';
import { TrainerService } from './stages/trainer.service.js';
import { summaries } from './stage-summaries.js';

/** The pipeline. One dependency a stage; what a stage does is in its own room. */
@Injectable()
export class Pipeline implements RunPipeline {
  constructor(
    private readonly snapshots: SnapshotsService,
    private readonly validation: ValidationService,
    private readonly transformation: TransformationService,
    private readonly trainer: TrainerService,
    private readonly evaluation: EvaluationService,
    private readonly registration: RegistrationService,
  ) {}

  /**
   * Takes one run through all stages; where an earlier attempt has reserved its version, without those that led to
   * it. @throws what stops it.
   */
  async execute(contract: Contract, recorder: RunRecorder): Promise<void> {
    const { run } = recorder;
    const snapshot = await recorder.stage(
      'ingestion',
      (context) => this.snapshots.take(contract, context),
      summaries.ingestion,
    );
    await recorder.save({ fingerprint: snapshot.fingerprint });

    const champion = await this.registration.incumbent(contract.detector);
    const reference = champion?.bundle?.reference ?? null;
    await recorder.stage(
      'validation',
      async (context) => {
        const report = await this.validation.validate(contract, snapshot, reference, context);
        await recorder.save({ validation: report });
        return this.validation.requirePassed(report);
      },
      summaries.validation,
    );

    const transformation = await recorder.stage(
      'transformation',
      (context) =>
        this.transformation.transform(
          contract,
          snapshot,
          candidatesOf(contract, recorder),
          run.options.seed,
          context,
        ),
      summaries.transformation,
    );
    if (!run.reserved) {
      const made = await this.make(contract, recorder, snapshot, transformation);
      await this.registration.reserve(contract, recorder, snapshot, transformation, made);
    }

    const { version, gate, promoted } = await recorder.stage(
      'registration',
      (context) =>
        this.registration.register(contract, recorder, run.reserved!, snapshot, transformation, context),
      summaries.registration,
    );
    await recorder.save({ version: version.version, gate, promoted });
  }

  /** The stages whose outcome a reserved version holds. */
  private async make(
    contract: Contract,
    recorder: RunRecorder,
    snapshot: Snapshot,
    transformation: Transformation,
  ): Promise<Made> {
    const { options } = recorder.run;
    const candidates = candidatesOf(contract, recorder);
    const trained = await recorder.stage(
      'training',
      (context) => this.trainer.train(contract, snapshot, transformation, candidates, options, context),
      summaries.training,
    );
    await recorder.save({ candidates: [...trained.candidates], search: trained.search });

    const evaluation = await recorder.stage(
      'evaluation',
      (context) =>
        this.evaluation.evaluate(contract, snapshot, transformation, trained, options.seed, context),
      summaries.evaluation,
    );
    const { thresholds, policies, validation, test, curves, importance } = evaluation;
    await recorder.save({ evaluation: { thresholds, policies, validation, test, curves, importance } });
    return { trained, evaluation };
  }
}

function candidatesOf({ candidates }: Contract, { run }: RunRecorder): Candidate[] {
  return candidates.filter(({ name }) => run.options.candidates.includes(name));
}
