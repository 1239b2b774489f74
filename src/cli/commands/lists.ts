import { type Command, InvalidArgumentError, Option } from 'commander';
import type { WithId } from '../../common/with-id.js';
import {
  type ListEntry,
  type ListName,
  listNames,
  type MatchKind,
  matchKinds,
} from '../../lists/list-entry.schema.js';
import { ListsService } from '../../lists/lists.service.js';
import {
  type ListConflictsReport,
  ListConflictsService,
} from '../../monitoring/log/list-conflicts.service.js';
import { commandActor } from '../actor.js';
import { runCommand } from '../command-app.js';
import { moment, momentAhead, type PageOptions, pageOptions } from '../options.js';
import { print, table } from '../output.js';

interface AddOptions {
  readonly match: MatchKind;
  readonly note?: string;
  readonly expires?: Date;
  readonly replace?: boolean;
  readonly json?: boolean;
}

export function addListsCommands(program: Command): void {
  const lists = program
    .command('lists')
    .description('keep the addresses on which someone has decided, whatever a model says');

  lists
    .command('add')
    .description('put addresses on a list; every replica heeds it within two seconds')
    .argument('<list>', listNames.join(' or '), listName)
    .argument('<value>', 'an address, a host or a domain')
    .addOption(
      new Option(
        '--match <kind>',
        'what it covers: one address, a host, a registered domain, all hosts that end so',
      )
        .choices(matchKinds)
        .default('domain'),
    )
    .option('--note <text>', 'why')
    .option('--expires <when>', 'days from now, such as 90d, or a date', momentAhead)
    .option('--replace', 'an entry of the other list gives way')
    .option('--json', 'print the result as JSON')
    .action((list: ListName, value: string, { json, expires: expiresAt, ...order }: AddOptions) =>
      runCommand(async (app) => {
        const entry = await app
          .get(ListsService)
          .add({ list, value, ...order, ...(expiresAt && { expiresAt }) }, commandActor());
        print(entry, json, (added) => `${described(added)} is on the ${added.list} list (entry ${added.id})`);
      }),
    );

  lists
    .command('remove')
    .description('take an entry from its list')
    .argument('<id>', 'its id, as listed')
    .option('--json', 'print the result as JSON')
    .action((id: string, { json }: { json?: boolean }) =>
      runCommand(async (app) => {
        const entry = await app.get(ListsService).remove(id, commandActor());
        print(entry, json, (removed) => `${described(removed)} is off the ${removed.list} list`);
      }),
    );

  pageOptions(lists.command('list').description('show the entries of both lists, newest first'))
    .addOption(new Option('--list <list>', 'only this list').choices(listNames))
    .action(({ json, ...query }: PageOptions & { list?: ListName }) =>
      runCommand(async (app) => {
        print(await app.get(ListsService).list(query), json, ({ items }) => entriesTable(items));
      }),
    );

  lists
    .command('conflicts')
    .description('tell which entries confirmed feedback speaks against')
    .option('--since <time>', 'predictions from then on (ISO 8601); of the last 90 days when absent', moment)
    .option('--json', 'print the result as JSON')
    .action(({ since, json }: { since?: Date; json?: boolean }) =>
      runCommand(async (app) => {
        print(await app.get(ListConflictsService).report({ role: 'admin' }, since), json, conflictsText);
      }),
    );
}

function conflictsText({ since, examined, conflicts }: ListConflictsReport): string {
  const looked = `${examined} predictions with feedback since ${since.toISOString()}`;
  if (conflicts.length === 0) return `No entry contradicts feedback (${looked})`;
  return `${looked}\n\n${table(
    ['entry', 'list', 'match', 'value', 'author', 'against', 'born out', 'such as'],
    conflicts.map(({ entry: { id, list, match, value, author }, against, bornOut, examples: [latest] }) => [
      id,
      list,
      match,
      value,
      author,
      against,
      bornOut,
      latest.url,
    ]),
  )}`;
}

function listName(text: string): ListName {
  const found = listNames.find((name) => name === text);
  if (found) return found;
  throw new InvalidArgumentError(`must be ${listNames.join(' or ')}`);
}

function described({ match, value }: Pick<ListEntry, 'match' | 'value'>): string {
  return `the ${match} ${value}`;
}

function entriesTable(entries: readonly WithId<ListEntry>[]): string {
  return table(
    ['id', 'list', 'match', 'value', 'author', 'since', 'expires', 'note'],
    entries.map(({ id, list, match, value, author, createdAt, expiresAt, note }) => [
      id,
      list,
      match,
      value,
      author,
      createdAt.toISOString(),
      expiresAt?.toISOString() ?? null,
      note,
    ]),
  );
}
