#!/usr/bin/env node
import { Command } from 'commander';
import { addAlertsCommands } from './cli/commands/alerts.js';
import { addDataCommands } from './cli/commands/data.js';
import { addDbCommands } from './cli/commands/db.js';
import { addDriftCommand } from './cli/commands/drift.js';
import { addFeedbackCommand } from './cli/commands/feedback.js';
import { addKeysCommands } from './cli/commands/keys.js';
import { addListsCommands } from './cli/commands/lists.js';
import { addModelsCommands } from './cli/commands/models.js';
import { addPruneCommand } from './cli/commands/prune.js';
import { addMonitorCommand } from './cli/commands/monitor.js';
import { addScheduleCommands } from './cli/commands/schedule.js';
import { addScoreCommands } from './cli/commands/score.js';
import { addTrackingCommands } from './cli/commands/tracking.js';
import { addTrainCommand } from './cli/commands/train.js';
import { exitWith } from './common/terminal/exit.js';
import { codeVersion } from './config/project-root.js';

// A reader that has seen enough, such as `head`, closes the pipe; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const program = new Command('netwarden')
  .description(
    'Self-hosted network security detection. Exit codes: 0 done, 1 failed, 2 bad use or bad input.',
  )
  .version(codeVersion)
  .enablePositionalOptions()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

program
  .command('serve')
  .description('serve the HTTP API')
  .action(async () => {
    const { serve } = await import('./serve.js');
    await serve().catch(exitWith);
  });
addDbCommands(program);
addDataCommands(program);
addTrainCommand(program);
addScheduleCommands(program);
addModelsCommands(program);
addScoreCommands(program);
addAlertsCommands(program);
addDriftCommand(program);
addFeedbackCommand(program);
addMonitorCommand(program);
addKeysCommands(program);
addListsCommands(program);
addPruneCommand(program);
addTrackingCommands(program);

await program.parseAsync();
