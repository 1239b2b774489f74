import { readWordList } from './word-list.js';

const entries = readWordList('infrastructure.txt', /^\.?[a-z0-9-]+(\.[a-z0-9-]+)+$/).flat();
const hosts: ReadonlySet<string> = new Set(entries.filter((entry) => !entry.startsWith('.')));
const parents: ReadonlySet<string> = new Set(entries.filter((entry) => entry.startsWith('.')));

/**
 * Whether a host serves nothing but certificates' status, updates or the question whether a machine is online.
 * @param host in lower case, without a dot at its end
 */
export function isInfrastructure(host: string): boolean {
  if (hosts.has(host)) return true;
  for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1))
    if (parents.has(host.slice(dot))) return true;
  return false;
}
