import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RequestInvalidError } from '../../common/errors.js';
import { type RotatedLog, rotatedLogs, stateOf } from './rotated-logs.js';

/** The files of a log by its name: one that keeps its name, or one whose name is a pattern of dates. */
export interface LogName {
  /** The file that is written to; null where there is none (yet). */
  current(): Promise<RotatedLog | null>;
  /** Those that were written to before, the last written last. */
  others(): Promise<RotatedLog[]>;
}

/** As `strftime` fills them in, with their digits and their weight in a comparison of times. */
const parts: Readonly<Record<string, { readonly digits: number; readonly weight: number }>> = {
  Y: { digits: 4, weight: 0 },
  y: { digits: 2, weight: 0 },
  m: { digits: 2, weight: 1 },
  d: { digits: 2, weight: 2 },
  j: { digits: 3, weight: 2 },
  H: { digits: 2, weight: 3 },
  M: { digits: 2, weight: 4 },
  S: { digits: 2, weight: 5 },
  s: { digits: 10, weight: 6 },
};
const token = /%([YymdjHMSs])/g;

/**
 * @param path a file, or one with a pattern for its name: `eve-%Y-%m-%d.json`
 * @throws RequestInvalidError for a folder that is a pattern
 */
export function logNamed(path: string): LogName {
  const written = path.replaceAll('%F', '%Y-%m-%d').replaceAll('%T', '%H:%M:%S');
  if (written.search(token) === -1) return { current: () => stateOf(path), others: () => rotatedLogs(path) };
  if (dirname(written).search(token) !== -1) {
    const message = `is ${path}; only the name of the file may be a pattern, not its folder`;
    throw new RequestInvalidError([{ path: 'file', message }]);
  }
  return new DatedLog(dirname(written), basename(written));
}

class DatedLog implements LogName {
  private readonly pattern: RegExp;
  /** Places of the parts of a name, the weightiest first. */
  private readonly order: readonly number[];

  constructor(
    private readonly folder: string,
    name: string,
  ) {
    const tokens = [...name.matchAll(token)].map(([, letter]) => parts[letter]);
    const texts = name.split(/%[YymdjHMSs]/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const source = texts.reduce((all, text, i) => `${all}(\\d{${tokens[i - 1].digits}})${text}`);
    this.pattern = new RegExp(`^${source}(?:\\.gz)?$`);
    this.order = [...tokens.keys()].sort((a, b) => tokens[a].weight - tokens[b].weight);
  }

  async current(): Promise<RotatedLog | null> {
    const name = (await this.names()).at(-1);
    return name === undefined ? null : stateOf(join(this.folder, name));
  }

  async others(): Promise<RotatedLog[]> {
    const names = (await this.names()).slice(0, -1);
    const files = await Promise.all(names.map((name) => stateOf(join(this.folder, name))));
    return files.filter((file) => file !== null).sort((a, b) => a.modified - b.modified);
  }

  /** By the times in them. Of a file and the beginning of its compressed copy only the file counts. */
  private async names(): Promise<string[]> {
    const all = await readdir(this.folder).catch((error: NodeJS.ErrnoException): string[] => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const dated = all.flatMap((name) => {
      const found = this.pattern.exec(name);
      const isCopy = name.endsWith('.gz') && all.includes(name.slice(0, -3));
      return found && !isCopy ? [{ name, key: this.order.map((place) => found[place + 1]).join() }] : [];
    });
    return dated.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ name }) => name);
  }
}
