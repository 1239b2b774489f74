import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { RequestInvalidError } from '../../common/errors.js';
import { LogFollower } from './log-follower.js';
import { logNamed } from './log-name.js';

const event = (i: number): string =>
  `${JSON.stringify({ ts: 1600000000 + i, uid: `C${i}`, 'id.orig_h': '10.0.0.1', 'id.resp_h': '10.0.0.2', proto: 'tcp' })}\n`;

describe('a log whose name is a pattern of dates', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'netwarden-dated-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

  it.each([
    [
      'eve-%Y-%m-%d.json',
      ['eve-2024-03-09.json', 'eve-2023-12-31.json', 'eve-2024-03-10.json.gz'],
      'eve-2024-03-10.json.gz',
    ],
    ['eve-%Y-%m-%d.json', ['eve-2024-03-09.json', 'eve-2024-3-10.json', 'eve.json'], 'eve-2024-03-09.json'],
    ['eve-%d.%m.%Y.json', ['eve-31.01.2024.json', 'eve-01.02.2024.json'], 'eve-01.02.2024.json'],
    ['eve.json-%F-%H', ['eve.json-2024-03-09-09', 'eve.json-2024-03-09-23'], 'eve.json-2024-03-09-23'],
    ['eve-%s.json', ['eve-1710000000.json', 'eve-1710086400.json'], 'eve-1710086400.json'],
  ])('%s has for its file the latest by name of %j', async (pattern, names, latest) => {
    for (const name of names) write(name, event(1));
    const log = logNamed(join(folder, pattern));
    expect(basename((await log.current())!.path)).toBe(latest);
    expect((await log.others()).map(({ path }) => basename(path))).not.toContain(latest);
  });

  it('has none where there is no such file or folder', async () => {
    expect(await logNamed(join(folder, 'eve-%Y.json')).current()).toBeNull();
    expect(await logNamed(join(folder, 'none', 'eve-%Y.json')).current()).toBeNull();
  });

  it('is refused where the folder is a pattern', () => {
    expect(() => logNamed('/logs/%Y-%m-%d/conn.log')).toThrow(RequestInvalidError);
  });

  it('is read on in the file of the next day, and of those that came while nobody looked', async () => {
    const path = join(folder, 'eve-%Y-%m-%d.json');
    const seen: string[] = [];
    const readUntil = async (uid: string, place: Parameters<typeof goOn>[0]) => goOn(place, uid);
    async function goOn(place: ConstructorParameters<typeof LogFollower>[1]['place'], uid: string) {
      const stop = new AbortController();
      let last = place;
      for await (const batch of new LogFollower(path, { place, pollMs: 5 }).batches(stop.signal)) {
        last = batch.place;
        if (batch.isContext) continue;
        for (const item of batch.items) if (item.kind === 'flow') seen.push(item.flow.uid!);
        if (seen.includes('C2') && !seen.includes('C3') && uid === 'C3')
          write('eve-2024-03-10.json', event(3));
        if (seen.includes(uid)) stop.abort();
      }
      return last;
    }
    write('eve-2024-03-09.json', event(1) + event(2));
    const place = await readUntil('C3', null);
    await new Promise((done) => setTimeout(done, 20));
    write('eve-2024-03-11.json', event(4));
    await new Promise((done) => setTimeout(done, 20));
    write('eve-2024-03-12.json', event(5));
    await readUntil('C5', place);
    expect(seen).toEqual(['C1', 'C2', 'C3', 'C4', 'C5']);
  });
});
