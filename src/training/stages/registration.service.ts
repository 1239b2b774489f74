import { Injectable, Logger } from '@nestjs/common';
import { CardsService } from '../../cards/cards.service.js';
import type { SourceRecord } from '../../cards/training-record.js';
import type { WorkContext } from '../../compute/compute.service.js';
import { codeVersion } from '../../config/project-root.js';
import type { Contract } from '../../detector/contract.js';
import { contractDigest } from '../../detector/contracts.service.js';
import type { Snapshot } from '../../detector/dataset.js';
import { encodeKeys } from '../../ml/key-set.js';
import type { ModelBundle } from '../../registry/bundle/bundle.js';
import type { Deployment } from '../../registry/deployment.schema.js';
import type { Lineage, ModelVersion } from '../../registry/model-version.schema.js';
import { VersionMaker } from '../../registry/version-maker.service.js';
import { BundleDamagedError, ChampionChangedError } from '../../registry/registry.errors.js';
import { RegistryService } from '../../registry/registry.service.js';
import type { Transformation } from '../../transformation/transform.task.js';
import type { GateReportDto as GateReport } from '../../runs/evaluation.dto.js';
import type { RunRecorder } from '../../runs/run-recorder.js';
import type { ReservedVersion, TrainingRun } from '../../runs/training-run.schema.js';
import { modelCodeSha256 } from '../model-code.js';
import type { Evaluation } from './evaluate.task.js';
import { GateService, type Incumbent } from './gate.service.js';
import type { Trained } from './trainer.service.js';

/** What the stages before have made. */
export interface Made {
  readonly trained: Trained;
  readonly evaluation: Evaluation;
}

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
    private readonly maker: VersionMaker,
    private readonly gate: GateService,
    private readonly cards: CardsService,
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

  /**
   * Stores what was made and settles its number. After this the run makes this version, whoever goes on with it;
   * what a crash before it leaves is a gap in the numbers and a file that is swept away later.
   */
  async reserve(
    contract: Contract,
    recorder: RunRecorder,
    snapshot: Snapshot,
    transformation: Transformation,
    { trained, evaluation }: Made,
  ): Promise<void> {
    const bundle = bundleOf(contract, snapshot, transformation, trained, evaluation);
    const reservation = await this.maker.prepare(bundle, recorder.fence);
    const { intervals } = evaluation.test;
    const lineage = lineageOf(contract, recorder.run, snapshot);
    await recorder.reserve({ ...reservation, intervals, lineage, fitMs: trained.fitMs });
  }

  /** Makes the version that is reserved, lets the gate decide and moves an alias to it. What an earlier attempt did is not done again. */
  async register(
    contract: Contract,
    recorder: RunRecorder,
    { fitMs, ...reserved }: ReservedVersion,
    snapshot: Snapshot,
    transformation: Transformation,
    context: WorkContext,
  ): Promise<Registered> {
    const { run } = recorder;
    recorder.throwIfLost();
    const version = await this.maker.commit(reserved, reserved.intervals, reserved.lineage);
    const placed = await this.placeOf(run, version);
    if (placed && run.gate) return { version, gate: run.gate, promoted: placed === 'champion' };
    const bundle = await this.registry.loadBundle(version);
    const challenger = { bundle, size: version.size };
    const { seed } = run.options;
    for (let attempt = 1; ; attempt++) {
      const champion = await this.incumbent(contract.detector);
      const trial = { contract, snapshot, transformation, challenger, champion, seed };
      const gate = await this.gate.decide(trial, context);
      await recorder.save({ gate });
      recorder.throwIfLost();
      await this.cards.write(version, bundle, {
        ...run,
        fitMs,
        groups: countGroups(transformation),
        sources: countSources(snapshot),
      });
      try {
        return { version, gate, promoted: await this.place(recorder, version, gate, champion) };
      } catch (error) {
        if (!(error instanceof ChampionChangedError) || attempt === gateAttempts) throw error;
      }
    }
  }

  /** The alias that an earlier attempt of the run has moved to its version; null when none has. */
  private async placeOf(run: TrainingRun, version: ModelVersion): Promise<Deployment['alias'] | null> {
    if (run.attempts < 2) return null;
    const moves = await this.registry.movesOf(version);
    return moves.find(({ actor, to }) => actor === actorOf(run) && to === version.version)?.alias ?? null;
  }

  /** Moves the champion's or the challenger's alias to the new version. Returns whether it is the champion. */
  private async place(
    { run, fence }: RunRecorder,
    { version }: ModelVersion,
    gate: GateReport,
    champion: Incumbent | null,
  ): Promise<boolean> {
    const { detector } = run;
    const { promote } = run.options;
    const actor = actorOf(run);
    const order = { actor, expectedChampion: champion?.version ?? null, fence };
    if (promote === 'force') {
      const reason = gate.passed ? 'forced by the run' : `forced by the run past the gate: ${failures(gate)}`;
      await this.registry.promote(detector, version, { ...order, reason }, 'force');
      return true;
    }
    if (promote === 'gate' && gate.passed) {
      const alone = champion && gate.notCompared !== null ? ` without a comparison: ${gate.notCompared}` : '';
      await this.registry.promote(detector, version, { ...order, reason: `passed the gate${alone}` });
      return true;
    }
    const reason =
      promote === 'never' ? 'the run does not promote' : `did not pass the gate: ${failures(gate)}`;
    // A trial that someone has under way goes on; the new version can be named by hand.
    const { challenger, challengerMode } = await this.registry.aliases(detector);
    if (challengerMode === 'none' && challenger !== version)
      await this.registry.challenge(detector, version, { actor, fence, reason });
    return false;
  }
}

function actorOf({ _id }: TrainingRun): string {
  return `run ${_id}`;
}

function failures({ checks }: GateReport): string {
  return checks
    .filter(({ passed }) => !passed)
    .map(({ name }) => name)
    .join(', ');
}

function lineageOf(contract: Contract, { _id, options }: TrainingRun, { fingerprint, x }: Snapshot): Lineage {
  const contractSha256 = contractDigest(contract);
  const code = { codeVersion, codeSha256: modelCodeSha256 };
  return { run: _id, fingerprint, rows: x.rows, contractSha256, ...code, seed: options.seed };
}

function countGroups({ groups, train, test }: Transformation): { train: number; test: number } {
  const distinct = (rows: Int32Array): number => new Set(rows.map((i) => groups[i])).size;
  return { train: distinct(train), test: distinct(test) };
}

function countSources({ sources, y }: Snapshot): SourceRecord[] {
  if (!sources) return [];
  const counts = sources.names.map((name, i) => ({
    name,
    licence: sources.licences?.[i] ?? null,
    rows: 0,
    threats: 0,
  }));
  sources.rows.forEach((source, row) => {
    counts[source].rows++;
    counts[source].threats += y[row];
  });
  return counts;
}

function bundleOf(
  contract: Contract,
  { recordKeys }: Snapshot,
  { preprocessors, train, testFrom }: Transformation,
  { winner, model, novelty }: Trained,
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
    ...(recordKeys && { trainedOn: encodeKeys(Float64Array.from(train, (i) => recordKeys[i])) }),
    ...(testFrom !== undefined && { testFrom }),
    ...(novelty && { novelty }),
  };
}
