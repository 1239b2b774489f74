import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import { type InputFault, RequestInvalidError } from '../common/errors.js';
import { recordsOf } from '../common/one-or-many.js';
import { RecordInvalidError } from '../detector/detector.errors.js';
import type { Value } from '../detector/tabular/cells.js';
import { ListsService } from '../lists/lists.service.js';
import { type Judgement, judge, Judgements } from './judgement.js';
import { decide } from './list-decision.js';
import type { JsonRecord, LoadedVersion } from './loaded-version.js';
import type { VerdictDto, VerdictsDto } from './prediction.dto.js';
import { type Scored, type ServedBy, servers } from './scored.js';
import { type Served, takesCanary } from './served.js';
import { ServingService } from './serving.service.js';
import { ShadowService } from './shadow.service.js';

export interface AnswerOptions {
  /** Whether each verdict has its reasons; they cost more than the verdict. */
  readonly explain?: boolean;
  /** Decides whether a canary answers; without one each record decides for itself. */
  readonly canaryKey?: string;
}

/** Records as a request has them. */
export interface Questions {
  readonly records: readonly JsonRecord[];
  /** Where in the request a field of a record stands. */
  readonly pathOf: (record: number, field: string) => string;
}

/** A verdict that was given, with its record: one value a column of the contract's records. */
export interface Answered extends Pick<VerdictDto, 'id' | 'verdict' | 'probability' | 'model'> {
  readonly values: readonly Value[];
}

/** A record, and the version that is to answer it. */
interface Question {
  readonly values: readonly Value[];
  readonly version: LoadedVersion;
  readonly servedBy: ServedBy;
}

const maxRecords = 1000;
const maxFaults = 100;

/** Scores records and says why. */
@Injectable()
export class ScoringService {
  /** What the JSON routes answered, a request at a time, behind the answer. Files are not told of. */
  readonly scored = new Subject<readonly Scored[]>();

  private readonly judgements = new Judgements();

  constructor(
    private readonly serving: ServingService,
    private readonly shadow: ShadowService,
    private readonly lists: ListsService,
  ) {}

  /**
   * One verdict for `{record}`, `{verdicts}` in order for `{records}`.
   * @throws RecordInvalidError naming every record and field that does not fit; nothing is scored then.
   */
  async answer(
    detector: string,
    body: unknown,
    options: AnswerOptions = {},
  ): Promise<VerdictDto | VerdictsDto> {
    this.serving.get(detector);
    const { single, ...questions } = recordQuestions(body);
    const verdicts = await this.answerRecords(detector, questions, options);
    return single ? verdicts[0] : { verdicts };
  }

  /** A verdict a record, in order. @throws RequestInvalidError, RecordInvalidError as `answer` does */
  async answerRecords(
    detector: string,
    { records, pathOf }: Questions,
    { explain = true, canaryKey }: AnswerOptions = {},
  ): Promise<VerdictDto[]> {
    const served = this.serving.get(detector);
    if (records.length > maxRecords) {
      const message = `holds ${records.length} records; send at most ${maxRecords}, or POST a file to …/file`;
      throw new RequestInvalidError([{ path: 'records', message }]);
    }
    const rows = readAll(served.champion, records, pathOf);
    const questions = records.map((record, i) => questionOf(served, record, rows[i], canaryKey));
    const verdicts = await this.answerAll(questions, explain);
    this.tell(
      served,
      records,
      verdicts.map((verdict, i) => ({ ...verdict, values: questions[i].values })),
    );
    return verdicts;
  }

  /** A version's verdicts on records that it has read. */
  async scoreRows(
    version: LoadedVersion,
    rows: readonly (readonly Value[])[],
    { explain = true, servedBy = 'champion' }: { explain?: boolean; servedBy?: ServedBy } = {},
  ): Promise<VerdictDto[]> {
    const judgements = await judge(version, rows, explain);
    return judgements.map((judgement, i) => this.verdictOf(version, servedBy, rows[i], judgement));
  }

  /** The verdicts in the order of the questions; those of one version are scored together. */
  private async answerAll(questions: readonly Question[], explain: boolean): Promise<VerdictDto[]> {
    const verdicts = new Array<VerdictDto>(questions.length);
    for (const servedBy of servers) {
      const places = [...questions.keys()].filter((i) => questions[i].servedBy === servedBy);
      if (places.length === 0) continue;
      const rows = places.map((i) => questions[i].values);
      const { version } = questions[places[0]];
      const judgements = await this.judgements.of(version, rows, explain);
      places.forEach((place, i) => {
        const judgement = explain ? judgements[i] : { ...judgements[i], reasons: null };
        verdicts[place] = this.verdictOf(version, servedBy, rows[i], judgement);
      });
    }
    return verdicts;
  }

  private verdictOf(
    { model, contract, row }: LoadedVersion,
    servedBy: ServedBy,
    values: readonly Value[],
    { probability, reasons, novelty }: Judgement,
  ): VerdictDto {
    return decide(this.lists, contract, values, {
      id: randomUUID(),
      verdict: model.verdictOf(probability),
      probability,
      reasons: [...(reasons ?? [])],
      ...(novelty && { novelty }),
      model: { detector: contract.detector, version: row.version, trainedAt: row.createdAt, servedBy },
    });
  }

  /** Resolves when all that was answered so far has been told, the challenger's verdicts with it. */
  allTold(): Promise<void> {
    return this.shadow.caughtUp();
  }

  /** Tells of answers once they are on their way, with the challenger's where it scores in the shadow. */
  tell({ trial }: Served, records: readonly JsonRecord[], answers: readonly Answered[]): void {
    const at = new Date();
    const scored = answers.map(({ id, verdict, probability, model, values }): Scored => {
      const { detector, version, servedBy } = model;
      return { id, detector, at, version, servedBy, probability, verdict, values, shadow: null };
    });
    const challenger = trial?.mode === 'shadow' ? trial.challenger : null;
    this.shadow.accompany(scored, records, challenger, (told) => this.scored.next(told));
  }
}

/** Questions that come as `{record}` or `{records}`. @throws RequestInvalidError */
export function recordQuestions(body: unknown): Questions & { readonly single: boolean } {
  const { values, single, pathOf } = recordsOf(body);
  return { records: values, single, pathOf: (i, field) => `${pathOf(i)}.${field}` };
}

/** @throws RecordInvalidError */
function readAll(
  version: LoadedVersion,
  records: readonly JsonRecord[],
  pathOf: Questions['pathOf'],
): (readonly Value[])[] {
  const faults: InputFault[] = [];
  const rows = records.map((record, i) => {
    const read = version.read(record);
    if ('values' in read) return read.values;
    faults.push(...read.faults.map(({ path, message }) => ({ path: pathOf(i, path ?? ''), message })));
    return [];
  });
  if (faults.length > 0) throw new RecordInvalidError(version.contract.detector, faults.slice(0, maxFaults));
  return rows;
}

/** What a record is the champion's contract says; a canary that cannot read it leaves it to the champion. */
function questionOf(
  { champion, trial }: Served,
  record: JsonRecord,
  values: readonly Value[],
  canaryKey: string | undefined,
): Question {
  const mine: Question = { values, version: champion, servedBy: 'champion' };
  if (trial?.mode !== 'canary' || !takesCanary(trial, canaryKey ?? JSON.stringify(values))) return mine;
  const read = trial.challenger.read(record);
  return 'values' in read ? { values: read.values, version: trial.challenger, servedBy: 'challenger' } : mine;
}
