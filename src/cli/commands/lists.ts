import { type Command, InvalidArgumentError, Option } from 'commander';
import type { WithId } from '../../common/with-id.js';
import { RequestInvalidError } from '../../common/errors.js';
import { ListChangesService } from '../../lists/list-changes.service.js';
import { type ListEntry, type ListName, listNames, type MatchKind } from '../../lists/list-entry.schema.js';
import type { ListOrder } from '../../lists/list-order.js';
import { findingScopes } from '../../lists/list-value.js';
import {
  type ListConflictsReport,
  ListConflictsService,
} from '../../monitoring/log/list-conflicts.service.js';
import { commandActor } from '../actor.js';
import { runCommand } from '../command-app.js';
import { moment, momentAhead, type PageOptions, pageOptions } from '../options.js';
import { print, table } from '../output.js';
import { addBrandCommands } from './lists-brands.js';
import { addListFileCommands, bytesOfFile, manyText, matchOption } from './lists-files.js';

interface AddOptions extends Pick<ListOrder, 'match' | 'note' | 'replace' | 'anyOrder' | 'finding'> {
  readonly expires?: Date;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

interface RemoveOptions {
  readonly list?: ListName;
  readonly match?: MatchKind;
  readonly file?: string;
  readonly json?: boolean;
}

export function addListsCommands(program: Command): void {
  const lists = program
    .command('lists')
    .description('keep what someone has decided of addresses and flows, whatever a model says');

  entryOptions(
    lists
      .command('add')
      .description('put values on a list; every replica heeds it within two seconds')
      .argument('<list>', 'allow or deny', listName)
      .argument(
        '<value...>',
        'addresses, hosts, domains, networks; of flows pairs, services, kinds of findings',
      ),
  )
    .option('--expires <when>', 'from now, such as 90d or 4h, or a date', momentAhead)
    .option('--any-order', 'an address with its parameters in any order')
    .option('--replace', 'an entry of the other list gives way')
    .option('--dry-run', 'say what each value becomes, and store nothing')
    .action((list: ListName, values: string[], options: AddOptions) => addAll(list, values, options));

  entryOptions(
    lists
      .command('suppress')
      .description('keep alerts back for a time; verdicts stay as they are')
      .argument('<value...>', 'hosts, networks, domains; of flows pairs, services, kinds of findings'),
  )
    .requiredOption('--expires <when>', 'until when: from now, such as 4h or 7d, or a date', momentAhead)
    .option('--dry-run', 'say what each value becomes, and store nothing')
    .action((values: string[], options: AddOptions) => addAll('suppress', values, options));

  lists
    .command('remove')
    .description('take entries from their lists')
    .argument('[what...]', 'ids, as listed, or values')
    .option('--file <file>', 'the values are the lines of this file (- for standard input)')
    .addOption(new Option('--list <list>', 'only of this list').choices(listNames))
    .addOption(matchOption())
    .option('--json', 'print the result as JSON')
    .action((what: string[], options: RemoveOptions) => removeAll(what, options));

  pageOptions(lists.command('list').description('show the entries of all lists, newest first'))
    .addOption(new Option('--list <list>', 'only this list').choices(listNames))
    .addOption(matchOption())
    .action(({ json, ...query }: PageOptions & { list?: ListName; match?: MatchKind }) =>
      runCommand(async (app) => {
        print(await app.get(ListChangesService).list(query), json, ({ items }) => entriesTable(items));
      }),
    );

  addListFileCommands(lists);
  addBrandCommands(lists);

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
  if (text === 'allow' || text === 'deny') return text;
  throw new InvalidArgumentError('must be allow or deny; lists suppress and lists brands keep the others');
}

function entryOptions(command: Command): Command {
  return command
    .addOption(matchOption())
    .addOption(new Option('--finding <kind>', 'of hosts, only this kind of finding').choices(findingScopes))
    .option('--note <text>', 'why')
    .option('--json', 'print the result as JSON');
}

/** One value goes in as it is, with the fault of its own; several together, all or none. */
function addAll(list: ListName, values: readonly string[], options: AddOptions): Promise<void> {
  const { json, dryRun = false, expires: expiresAt, replace = false, ...common } = options;
  const orders = values.map((value): ListOrder => ({
    list,
    value,
    ...common,
    ...(expiresAt && { expiresAt }),
  }));
  return runCommand(async (app) => {
    const changes = app.get(ListChangesService);
    if (orders.length === 1 && !dryRun) {
      const entry = await changes.add({ ...orders[0], replace }, commandActor());
      print(
        entry,
        json,
        (added) => `the ${added.match} ${added.value} is on the ${added.list} list (entry ${added.id})`,
      );
      return;
    }
    const placed = orders.map((order, i) => ({ line: i + 1, text: order.value, order }));
    print(await changes.addMany(placed, commandActor(), { replace, dryRun }), json, manyText);
  });
}

function removeAll(what: readonly string[], { file, json, ...only }: RemoveOptions): Promise<void> {
  return runCommand(async (app) => {
    const lines = file === undefined ? [] : (await bytesOfFile(file)).toString('utf8').split(/\r?\n/);
    const values = [...what, ...lines.filter((line) => line.trim() !== '')];
    if (values.length === 0) throw new RequestInvalidError([{ path: 'what', message: 'name ids or values' }]);
    const isId = (value: string): boolean => /^[0-9a-f]{24}$/.test(value);
    const order = { ids: values.filter(isId), values: values.filter((value) => !isId(value)), ...only };
    const report = await app.get(ListChangesService).removeMany(order, commandActor());
    print(report, json, ({ removed, unknown }) =>
      [
        `${removed} ${removed === 1 ? 'entry is' : 'entries are'} off the lists`,
        ...unknown.map((value) => `on no list: ${value}`),
      ].join('\n'),
    );
    return report.removed === 0 ? 2 : 0;
  });
}

function entriesTable(entries: readonly WithId<ListEntry>[]): string {
  return table(
    ['id', 'list', 'match', 'value', 'author', 'since', 'expires', 'note'],
    entries.map(({ id, list, match, value, finding, domains, author, createdAt, expiresAt, note }) => [
      id,
      list,
      match,
      [value, ...domains, ...(finding === null ? [] : [`(${finding})`])].join(' '),
      author,
      createdAt.toISOString(),
      expiresAt?.toISOString() ?? null,
      note,
    ]),
  );
}
