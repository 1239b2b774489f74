import type { Command } from 'commander';
import { ConnectionCheckService, type ConnectionState } from '../../database/connection-check.service.js';
import { runCommand } from '../command-app.js';
import { print, table } from '../output.js';

export function addDbCommands(program: Command): void {
  program
    .command('db')
    .description('look at the database')
    .command('check')
    .description('server version, latency, collections, indexes, writable or not')
    .option('--json', 'print the result as JSON')
    .action(({ json }: { json?: boolean }) =>
      runCommand(async (app) => {
        const state = await app.get(ConnectionCheckService).check();
        print(state, json, show);
        return state.writable ? 0 : 1;
      }),
    );
}

function show(state: ConnectionState): string {
  return [
    state.link,
    `database ${state.database}, server ${state.serverVersion}, ping ${state.latencyMs} ms, ` +
      (state.writable ? 'writable' : `NOT writable: ${state.writeError}`),
    table(
      ['collection', 'documents', 'indexes'],
      state.collections.map(({ name, documents, indexes }) => [name, documents, indexes.join(', ')]),
    ),
  ].join('\n');
}
