import { Injectable, Logger } from '@nestjs/common';
import type { WorkContext } from '../../compute/compute.service.js';
import { codeVersion } from '../../config/project-root.js';
import type { Contract } from '../../detector/contract.js';
import { contractDigest } from '../../detector/contracts.service.js';
import type { Snapshot } from '../../detector/dataset.js';
import type { ModelBundle } from '../../registry/bundle/bundle.js';
import type { ModelVersion } from '../../registry/model-version.schema.js';
import { BundleDamagedError, ChampionChangedError } from '../../registry/registry.errors.js';
import { RegistryService } from '../../registry/registry.service.js';
import type { Transformation } from '../../transformation/transform.task.js';
import type { TrainingRun } from '../training-run.schema.js';
import type { Evaluation } from './evaluate.task.js';
import { type GateReport, GateService, type Incumbent } from './gate.service.js';
import type { Trained } from './trainer.service.js';

export interface Registered {
  readonly version: ModelVersion;
  readonly gate: GateReport;
  readonly promoted: boolean;
}

/** The champion may be moved by someone else while the gate looks at it; then the gate looks again. */
const gateAttempts = 3;

/** Makes the run's result a model version and lets it through the gate. */
@Injectable()
export class RegistrationService {
  private readonly logger = new Logger(RegistrationService.name);

  constructor(
    private readonly registry: RegistryService,
    private readonly gate: GateService,
  ) {}

  /** The champion, or null while there is none. One whose bundle is damaged must not stand in the way of its successor. */
  async incumbent(detector: string): Promise<Incumbent | null> {
    const champion = await this.registry.champion(detector);
    if (!champion) return null;
    try {
      return { version: champion.version, bundle: await this.registry.loadBundle(champion) };
    } catch (error) {
      if (!(error instanceof BundleDamagedError)) throw error;
      this.logger.warn(
        `version ${champion.version} of ${detector}, the champion, cannot be compared with: ${error.message}`,
      );
      return { version: champion.version, bundle: null };
    }
  }

  async register(
    contract: Contract,
    run: TrainingRun,
    snapshot: Snapshot,
    transformation: Transformation,
    trained: Trained,
    evaluation: Evaluation,
    context: WorkContext,
  ): Promise<Registered> {
    const bundle = bundleOf(contract, transformation, trained, evaluation);
    const version = await this.registry.register(bundle, evaluation.test.intervals, {
      run: run._id,
      fingerprint: snapshot.fingerprint,
      rows: snapshot.x.rows,
      contractSha256: contractDigest(contract),
      codeVersion,
      seed: run.options.seed,
    });
    for (let attempt = 1; ; attempt++) {
      const champion = await this.incumbent(contract.detector);
      const { seed } = run.options;
      const gate = await this.gate.judge(contract, snapshot, transformation, bundle, champion, seed, context);
      const { fitMs } = trained;
      await this.registry.describe(version, bundle, {
        ...run,
        gate,
        fitMs,
        groups: countGroups(transformation),
      });
      try {
        return { version, gate, promoted: await this.place(run, version, gate, champion) };
      } catch (error) {
        if (!(error instanceof ChampionChangedError) || attempt === gateAttempts) throw error;
      }
    }
  }

  /** Moves the champion's or the challenger's alias to the new version. Returns whether it is the champion. */
  private async place(
    run: TrainingRun,
    version: ModelVersion,
    gate: GateReport,
    champion: Incumbent | null,
  ): Promise<boolean> {
    const { promote } = run.options;
    const order = { actor: `run ${run._id}`, expectedChampion: champion?.version ?? null };
    if (promote === 'force' || (promote === 'gate' && gate.passed)) {
      const reason = promote === 'force' ? 'forced by the run' : 'passed the gate';
      await this.registry.promote(
        run.detector,
        version.version,
        { ...order, reason },
        promote === 'force' ? 'force' : 'promote',
      );
      return true;
    }
    const reason = promote === 'never' ? 'the run does not promote' : 'did not pass the gate';
    await this.registry.challenge(run.detector, version.version, { actor: order.actor, reason });
    return false;
  }
}

function countGroups({ groups, train, test }: Transformation): { train: number; test: number } {
  const distinct = (rows: Int32Array): number => new Set(rows.map((i) => groups[i])).size;
  return { train: distinct(train), test: distinct(test) };
}

function bundleOf(
  contract: Contract,
  { preprocessors, testFrom }: Transformation,
  { winner, model }: Trained,
  evaluation: Evaluation,
): ModelBundle {
  return {
    contract,
    candidate: winner.name,
    preprocessor: preprocessors[winner.name],
    model,
    calibrator: evaluation.calibrator,
    thresholds: evaluation.thresholds,
    reference: evaluation.reference,
    metrics: { validation: evaluation.validation.metrics, test: evaluation.test.metrics },
    selfTest: evaluation.selfTest,
    ...(testFrom !== undefined && { testFrom }),
  };
}
