import { type Command, InvalidArgumentError, Option } from 'commander';
import { keyName, keyNameRule } from '../../access/access.dto.js';
import { type CreatedKey, KeysService, type ListedKey } from '../../access/keys.service.js';
import { type Role, roles } from '../../access/roles.js';
import { commandActor } from '../actor.js';
import { runCommand } from '../command-app.js';
import { commaList, momentAhead, type PageOptions, pageOptions } from '../options.js';
import { print, table } from '../output.js';

interface CreateOptions {
  readonly role: Role;
  readonly detectors?: string[];
  readonly expires?: Date;
  readonly json?: boolean;
}

export function addKeysCommands(program: Command): void {
  const keys = program.command('keys').description('make, list and revoke API keys');

  keys
    .command('create')
    .description('make an API key; standard output gets it this once, and nothing else')
    .argument('<name>', 'what it is for; the ledger shows it', checkedName)
    .addOption(new Option('--role <role>', 'what it may do').choices(roles).makeOptionMandatory())
    .option('--detectors <names>', 'detectors that it may use; all when absent', commaList)
    .option('--expires <when>', 'days from now, such as 90d, or a date', momentAhead)
    .option('--json', 'print the result as JSON')
    .action((name: string, { json, role, detectors, expires: expiresAt }: CreateOptions) =>
      runCommand(async (app) => {
        const order = { name, role, ...(detectors && { detectors }), ...(expiresAt && { expiresAt }) };
        const created = await app.get(KeysService).create(order, commandActor());
        if (!json) process.stderr.write(`${described(created)}. It is shown only now:\n`);
        print(created, json, ({ key }) => key);
      }),
    );

  pageOptions(keys.command('list').description('list API keys without their secrets, newest first')).action(
    ({ json, ...query }: PageOptions) =>
      runCommand(async (app) => {
        print(await app.get(KeysService).list(query), json, ({ items }) => keysTable(items));
      }),
  );

  keys
    .command('revoke')
    .description('end the validity of an API key, within two seconds everywhere')
    .argument('<id>', 'its id, as listed')
    .option('--json', 'print the result as JSON')
    .action((id: string, { json }: { json?: boolean }) =>
      runCommand(async (app) => {
        print(await app.get(KeysService).revoke(id), json, (key) => `${described(key)} is revoked`);
      }),
    );
}

function checkedName(name: string): string {
  if (keyName.test(name)) return name;
  throw new InvalidArgumentError(keyNameRule);
}

function described({ id, name, role, detectors, expiresAt }: ListedKey | CreatedKey): string {
  const scope = detectors ? ` for ${detectors.join(', ')}` : '';
  const end = expiresAt ? ` until ${expiresAt.toISOString()}` : '';
  return `key ${id} (${name}, ${role}${scope}${end})`;
}

function keysTable(keys: readonly ListedKey[]): string {
  return table(
    ['id', 'name', 'role', 'detectors', 'made by', 'expires', 'revoked', 'last used'],
    keys.map(({ id, name, role, detectors, createdBy, expiresAt, revokedAt, lastUsedAt }) => [
      id,
      name,
      role,
      detectors?.join(', ') ?? 'all',
      createdBy,
      ...[expiresAt, revokedAt, lastUsedAt].map((at) => at?.toISOString() ?? null),
    ]),
  );
}
