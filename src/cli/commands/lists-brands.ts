import type { Command } from 'commander';
import { ListChangesService } from '../../lists/list-changes.service.js';
import { commandActor } from '../actor.js';
import { runCommand } from '../command-app.js';
import { type PageOptions, pageOptions } from '../options.js';
import { print, table } from '../output.js';

interface BrandOptions {
  readonly note?: string;
  readonly replace?: boolean;
  readonly json?: boolean;
}

/** Names of one's own, whose look-alikes are found as those of well-known brands are. */
export function addBrandCommands(lists: Command): void {
  const brands = lists
    .command('brands')
    .description('keep names and domains of your own, whose look-alikes are then found');

  brands
    .command('add')
    .description('name a brand of yours with all its domains; the same name again replaces them')
    .argument('<name>', 'as people write it, such as "Acme Bank"')
    .argument('<domain...>', 'registered domains of yours')
    .option('--note <text>', 'why')
    .option('--json', 'print the result as JSON')
    .action((value: string, domains: string[], { json, ...options }: BrandOptions) =>
      runCommand(async (app) => {
        const order = { list: 'brand', value, domains, ...options } as const;
        const entry = await app.get(ListChangesService).add(order, commandActor());
        print(entry, json, (added) => `${added.value} has ${added.domains.join(', ')} (entry ${added.id})`);
      }),
    );

  brands
    .command('remove')
    .description('forget a brand')
    .argument('<what>', 'its name or id')
    .option('--json', 'print the result as JSON')
    .action((what: string, { json }: BrandOptions) =>
      runCommand(async (app) => {
        const named = /^[0-9a-f]{24}$/.test(what) ? { ids: [what] } : { values: [what] };
        const report = await app
          .get(ListChangesService)
          .removeMany({ ...named, list: 'brand' }, commandActor());
        print(report, json, ({ removed }) =>
          removed === 1 ? `${what} is forgotten` : `there is no brand ${what}`,
        );
        return report.removed === 1 ? 0 : 2;
      }),
    );

  pageOptions(brands.command('list').description('show the brands, newest first')).action(
    ({ json, ...query }: PageOptions) =>
      runCommand(async (app) => {
        const page = await app.get(ListChangesService).list({ ...query, list: 'brand' });
        print(page, json, ({ items }) =>
          table(
            ['id', 'name', 'domains', 'author', 'note'],
            items.map(({ id, value, domains, author, note }) => [id, value, domains.join(' '), author, note]),
          ),
        );
      }),
  );
}
