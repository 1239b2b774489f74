import { Injectable } from '@nestjs/common';
import type { Contract } from '../detector/contract.js';
import { SnapshotsService } from '../ingestion/snapshots.service.js';
import { TransformationService } from '../transformation/transformation.service.js';
import { ValidationService } from '../validation/validation.service.js';
import type { RunRecorder } from './run-recorder.js';
import { EvaluationService } from './stages/evaluation.service.js';
import { RegistrationService } from './stages/registration.service.js';
import { TrainerService } from './stages/trainer.service.js';
import { summaries } from './stage-summaries.js';

/** The pipeline. One dependency a stage; what a stage does is in its own room. */
@Injectable()
export class Pipeline {
  constructor(
    private readonly snapshots: SnapshotsService,
    private readonly validation: ValidationService,
    private readonly transformation: TransformationService,
    private readonly trainer: TrainerService,
    private readonly evaluation: EvaluationService,
    private readonly registration: RegistrationService,
  ) {}

  /** Takes one run through all stages. @throws what stops it. */
  async execute(contract: Contract, recorder: RunRecorder): Promise<void> {
    const { run } = recorder;
    const { seed } = run.options;
    const candidates = contract.candidates.filter(({ name }) => run.options.candidates.includes(name));

    const snapshot = await recorder.stage(
      'ingestion',
      () => this.snapshots.take(contract),
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
      (context) => this.transformation.transform(contract, snapshot, candidates, seed, context),
      summaries.transformation,
    );
    const trained = await recorder.stage(
      'training',
      (context) => this.trainer.train(contract, snapshot, transformation, candidates, seed, context),
      summaries.training,
    );
    await recorder.save({ candidates: [...trained.candidates] });

    const evaluation = await recorder.stage(
      'evaluation',
      (context) => this.evaluation.evaluate(contract, snapshot, transformation, trained, seed, context),
      summaries.evaluation,
    );
    const { thresholds, policies, validation, test, curves } = evaluation;
    await recorder.save({ evaluation: { thresholds, policies, validation, test, curves } });

    const { version, gate, promoted } = await recorder.stage(
      'registration',
      (context) =>
        this.registration.register(contract, run, snapshot, transformation, trained, evaluation, context),
      summaries.registration,
    );
    await recorder.save({ version: version.version, gate, promoted });
  }
}
