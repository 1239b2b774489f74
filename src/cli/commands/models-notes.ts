import { type Command, InvalidArgumentError } from 'commander';
import { ModelCatalogue } from '../../registry/model-catalogue.js';
import { VersionNotesService } from '../../registry/version-notes.service.js';
import type { ModelVersionDto } from '../../registry/versions.dto.js';
import { commandActor } from '../actor.js';
import { type CommandApp, runCommand } from '../command-app.js';
import { wholeNumber } from '../options.js';
import { print } from '../output.js';

interface Options {
  readonly json?: boolean;
}

/** What people write on a version. */
export function addNoteCommands(models: Command): void {
  onVersion(models, 'tag', 'add a tag to a version, or change it')
    .argument('<key>', 'letters, digits, dots, hyphens and underscores', tagKey)
    .argument('<value>')
    .action((detector: string, version: number, key: string, value: string, { json }: Options) =>
      runCommand(async (app) => {
        await app.get(VersionNotesService).tag(detector, version, key, value, commandActor());
        await show(app, detector, version, json);
      }),
    );

  onVersion(models, 'untag', 'remove a tag from a version')
    .argument('<key>')
    .action((detector: string, version: number, key: string, { json }: Options) =>
      runCommand(async (app) => {
        await app.get(VersionNotesService).untag(detector, version, key);
        await show(app, detector, version, json);
      }),
    );

  onVersion(models, 'describe', 'say in words what a version is')
    .argument('<text>')
    .action((detector: string, version: number, text: string, { json }: Options) =>
      runCommand(async (app) => {
        await app.get(VersionNotesService).describe(detector, version, text, commandActor());
        await show(app, detector, version, json);
      }),
    );
}

function onVersion(models: Command, name: string, description: string): Command {
  return models
    .command(name)
    .description(description)
    .argument('<detector>')
    .argument('<version>', 'its number', wholeNumber(1))
    .option('--json', 'print the version as JSON');
}

async function show(app: CommandApp, detector: string, version: number, json?: boolean): Promise<void> {
  print(await app.get(ModelCatalogue).version(detector, version), json, notesOf);
}

/** The lines of a version's description and tags. */
export function notesOf({ detector, version, description, tags }: ModelVersionDto): string {
  return [
    `Version ${version} of ${detector}: ${description ? `${description.text} (${description.by})` : 'not described'}`,
    ...tags.map(({ key, value, by }) => `  ${key}: ${value} (${by})`),
  ].join('\n');
}

function tagKey(text: string): string {
  if (/^[\w.-]{1,100}$/.test(text)) return text;
  throw new InvalidArgumentError('must be of letters, digits, dots, hyphens and underscores');
}
