import { ApiProperty } from '@nestjs/swagger';
import { PagedDto } from '../common/paged.dto.js';
import { type SearchMethod, searchMethods, type SearchOptions } from '../detector/candidate.js';
import { ValidationReportDto } from '../validation/validation-report.dto.js';
import { CandidateDto, SearchReportDto } from './candidate.dto.js';
import { EvaluationDto, GateReportDto } from './evaluation.dto.js';
import {
  mirrorStates,
  type PromotionPolicy,
  promotionPolicies,
  type RunFailure,
  type RunMirrorState,
  type RunOptions,
  type RunStatus,
  runStatuses,
  type RunSummary,
  type RunTrigger,
  type Stage,
  type StageName,
  stageNames,
  type StageStatus,
  stageStatuses,
  type TrainingRun,
  triggerKinds,
} from './training-run.schema.js';

/** One stage of a run. */
export class StageDto implements Stage {
  /** Which stage. */
  @ApiProperty({ enum: stageNames })
  name!: StageName;
  /** How far it is. */
  @ApiProperty({ enum: stageStatuses })
  status!: StageStatus;
  /** Share done, 0 to 1. */
  progress!: number;
  /** One line of what it found; empty until it has succeeded. */
  summary!: string;
  /** When it began; null until then. */
  startedAt!: Date | null;
  /** Time that it took, milliseconds; null until it has ended. */
  durationMs!: number | null;
}

/** Why a run was started. */
export class RunTriggerDto implements RunTrigger {
  /** `manual`: someone asked for it; else the schedule did, at a time, for new records or for drift. */
  @ApiProperty({ enum: triggerKinds })
  kind!: RunTrigger['kind'];
  /** The slot, or what was found; empty where someone asked. */
  detail!: string;
}

/** How a run looks for better options than the contract's. */
export class SearchOptionsDto implements SearchOptions {
  /** How options are looked for. */
  @ApiProperty({ enum: searchMethods })
  method!: SearchMethod;
  /** Fits that the search may take, all candidates together; the plain options' are not counted. */
  maxFits!: number;
  /** Seconds after which the search is cut short; null for never. */
  maxSeconds!: number | null;
  /** Of halving: one trial in so many goes on. */
  factor!: number;
  /** Of halving: the fewest rows that a trial is fitted on. */
  minResources!: number;
}

/** What was asked of a run, completed from the contract. */
export class RunOptionsDto implements RunOptions {
  /** Names of the candidates tried. */
  @ApiProperty({ type: [String] })
  candidates!: readonly string[];
  /** Same data, contract, code and seed: same model, bit for bit. */
  seed!: number;
  /** `gate` promotes what passes the gate, `never` keeps the champion, `force` promotes whatever comes out. */
  @ApiProperty({ enum: promotionPolicies })
  promote!: PromotionPolicy;
  /** How better options are looked for. */
  search!: SearchOptionsDto;
  /** Whether the run is skipped where neither data nor contract nor code changed since the last version. */
  unlessUnchanged!: boolean;
}

/** What ended a run. */
export class RunFailureDto implements RunFailure {
  /** Stable code of the error. @example 'NOT_ENOUGH_DATA' */
  code!: string;
  /** What went wrong, in a sentence. */
  message!: string;
  /** The stage that it ended; null where none was running. */
  @ApiProperty({ enum: stageNames, nullable: true })
  stage!: StageName | null;
}

/** A run's copy on a tracking server. */
export class RunMirrorDto implements RunMirrorState {
  /** `dead` was given up; a retry of the tracking sends it again. */
  @ApiProperty({ enum: mirrorStates })
  state!: RunMirrorState['state'];
  /** The page that shows it; null until it is delivered. */
  url!: string | null;
  /** What stands in the way; null where nothing does. */
  error!: string | null;
}

/** A run in a list. */
export class ListedRunDto {
  /** A UUID. */
  id!: string;
  /** The detector that is trained. @example 'phishing-website' */
  detector!: string;
  /** How far it is; the last four are ends. */
  @ApiProperty({ enum: runStatuses })
  status!: RunStatus;
  /** Who started it. */
  actor!: string;
  /** Why it was started. */
  trigger!: RunTriggerDto;
  /** How often a worker has begun it: more than once where one died. */
  attempts!: number;
  /** The process that works on it, or was the last to; null until one does. */
  worker!: string | null;
  /** Why it was skipped, or is queued again. */
  reason!: string | null;
  /** Whether someone wants it cancelled. */
  cancelRequested!: boolean;
  /** What was asked for. */
  options!: RunOptionsDto;
  /** All stages in their order. */
  @ApiProperty({ type: [StageDto] })
  stages!: readonly StageDto[];
  /** What the search of options took; null where none was asked for. */
  search!: SearchReportDto | null;
  /** Of the snapshot, sha256; null until it is taken. */
  fingerprint!: string | null;
  /** Number of the model version that it made; null where it made none. */
  version!: number | null;
  /** Whether that version became the champion. */
  promoted!: boolean;
  /** What ended it; null where it did not fail. */
  failure!: RunFailureDto | null;
  /** Its copy on the tracking server; absent where there is none. */
  mirror?: RunMirrorDto;
  /** When it was asked for. */
  createdAt!: Date;
  /** When a worker first began it; null until then. */
  startedAt!: Date | null;
  /** When it ended; null until then. */
  finishedAt!: Date | null;
}

/** One execution of the pipeline, with all that its stages found. */
export class RunDto extends ListedRunDto {
  /** The validation report; null until there is one. */
  validation!: ValidationReportDto | null;
  /** Each candidate with its options, fold scores, curves, fit times and the trials of the search. */
  @ApiProperty({ type: [CandidateDto] })
  candidates!: readonly CandidateDto[];
  /** Thresholds, metrics and curves of the winner; null until they are measured. */
  evaluation!: EvaluationDto | null;
  /** Every check of the gate with its figures; null until it has looked. */
  gate!: GateReportDto | null;
}

export class RunPageDto extends PagedDto {
  /** Runs, newest first. */
  @ApiProperty({ type: [ListedRunDto] })
  items!: ListedRunDto[];
}

/** Data of the event `status`: the run's status has changed. The last one of a stream has the run's outcome. */
export class StatusEventDto {
  /** How far the run is; the last four are ends. */
  @ApiProperty({ enum: runStatuses })
  status!: RunStatus;
  /** Why it was skipped, or is queued again. */
  reason!: string | null;
  /** How often a worker has begun it. */
  attempts!: number;
  /** Number of the model version that it made; null where it made none. */
  version!: number | null;
  /** Whether that version became the champion. */
  promoted!: boolean;
  /** What ended it; null where it did not fail. */
  failure!: RunFailureDto | null;
  /** When. */
  at!: Date;
}

/** Data of the event `stage`: a stage has begun or ended. */
export class StageEventDto {
  /** Which stage. */
  @ApiProperty({ enum: stageNames })
  stage!: StageName;
  /** How far it is. */
  @ApiProperty({ enum: stageStatuses })
  status!: StageStatus;
  /** One line of what it found; empty until it has succeeded. */
  summary!: string;
  /** Time that it took, milliseconds; null until it has ended. */
  durationMs!: number | null;
  /** When. */
  at!: Date;
}

/** Data of the event `progress`, a few times a second at most. */
export class ProgressEventDto {
  /** The stage that is at work. */
  @ApiProperty({ enum: stageNames })
  stage!: StageName;
  /** Share done, 0 to 1. */
  progress!: number;
  /** When. */
  at!: Date;
}

/** A run without what only its workers need. */
export function listedRun(run: RunSummary): ListedRunDto {
  const { _id: id, detector, status, actor, trigger, attempts, worker, reason, cancelRequested } = run;
  const { options, stages, search, fingerprint, version, promoted, failure, mirror } = run;
  const { createdAt, startedAt, finishedAt } = run;
  return {
    ...{ id, detector, status, actor, trigger, attempts, worker, reason, cancelRequested },
    ...{ options, stages, search, fingerprint, version, promoted, failure, ...(mirror && { mirror }) },
    ...{ createdAt, startedAt, finishedAt },
  };
}

/** The whole run without what only its workers need. */
export function wholeRun(run: TrainingRun): RunDto {
  const { validation, candidates, evaluation, gate } = run;
  return { ...listedRun(run), validation, candidates, evaluation, gate };
}
