import { Argument, type Command, InvalidArgumentError } from 'commander';
import type { Caller } from '../../access/caller.js';
import { AuditService } from '../../access/audit.service.js';
import {
  type FeedbackLabel,
  feedbackLabels,
  longestNote,
  type PredictionDto,
} from '../../monitoring/log/predictions.dto.js';
import { PredictionsService } from '../../monitoring/log/predictions.service.js';
import { commandActor } from '../actor.js';
import { runCommand } from '../command-app.js';
import { print } from '../output.js';

interface FeedbackOptions {
  readonly note?: string;
  readonly json?: boolean;
}

export function addFeedbackCommand(program: Command): void {
  program
    .command('feedback')
    .description('say what a scored record turned out to be; said again, it replaces what was said before')
    .argument('<id>', 'of the verdict')
    .addArgument(new Argument('<label>', 'what it turned out to be').choices(feedbackLabels))
    .option('--note <text>', 'what else is known of it', checkedNote)
    .option('--json', 'print the prediction as JSON')
    .action((id: string, label: FeedbackLabel, { note, json }: FeedbackOptions) =>
      runCommand(async (app) => {
        const actor = commandActor();
        const caller: Caller = { actor, key: null, role: 'admin', detectors: null };
        const prediction = await app.get(PredictionsService).giveFeedback(id, { label, note }, caller);
        await app.get(AuditService).record(actor, 'POST', `/v1/predictions/${id}/feedback`, 200);
        print(prediction, json, show);
      }),
    );
}

function checkedNote(text: string): string {
  if (text.length <= longestNote) return text;
  throw new InvalidArgumentError(`must have ${longestNote} characters at most`);
}

function show({ id, detector, version, verdict, feedback, earlierFeedback }: PredictionDto): string {
  const before = earlierFeedback.at(-1);
  const instead = before ? `, not ${before.label} as ${before.by} said` : '';
  return `${id}: version ${version} of ${detector} said ${verdict}; it is ${feedback!.label}${instead}`;
}
