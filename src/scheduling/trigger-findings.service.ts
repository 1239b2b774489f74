import { Injectable } from '@nestjs/common';
import type { Contract } from '../detector/contract.js';
import type { RunTrigger } from '../runs/training-run.schema.js';
import { Arrivals } from './arrivals.repository.js';
import { type DriftSample, DriftSamples } from './drift-samples.service.js';
import { type PastRun, RunHistory } from './run-history.repository.js';

export interface NewRecords {
  /** When the last run looked that has seen all data of its time; the beginning of time where none has. */
  readonly since: Date;
  readonly count: number;
}

export interface Findings {
  readonly newRecords: NewRecords;
  readonly drift: readonly DriftSample[];
}

/** Looks for what may ask for a training run. */
@Injectable()
export class TriggerFindings {
  constructor(
    private readonly history: RunHistory,
    private readonly arrivals: Arrivals,
    private readonly samples: DriftSamples,
  ) {}

  async newRecords(detector: string): Promise<NewRecords> {
    const since = lookedAt(await this.history.lastComplete(detector));
    return { since, count: await this.arrivals.countSince(detector, since) };
  }

  /** Drift is looked for only where the contract asks for it. */
  async find({ detector, retraining }: Contract): Promise<Findings> {
    const newRecords = await this.newRecords(detector);
    const drift = retraining.drift === null ? [] : await this.samples.take(detector, newRecords.since);
    return { newRecords, drift };
  }
}

/** What asks for a training run, and why; null when nothing does. */
export function triggerOf(
  { retraining }: Pick<Contract, 'retraining'>,
  { newRecords: { count, since }, drift }: Findings,
): RunTrigger | null {
  const limits = retraining;
  if (limits.newRecords !== null && count >= limits.newRecords) {
    const from = since.getTime() > 0 ? ` since ${since.toISOString()}` : '';
    return { kind: 'records', detail: `${count} records are new${from}` };
  }
  const sample = drift.find(({ share }) => limits.drift !== null && share !== null && share >= limits.drift);
  if (!sample) return null;
  const { drifted, features, rows, of } = sample;
  const detail = `${drifted} of ${features} features have drifted in the newest ${rows} ${of}`;
  return { kind: 'drift', detail };
}

/** When a run took its snapshot, or found that it need not take one. */
function lookedAt(run: PastRun | null): Date {
  const ingestion = run?.stages.find(({ name }) => name === 'ingestion');
  return ingestion?.startedAt ?? run?.startedAt ?? new Date(0);
}
