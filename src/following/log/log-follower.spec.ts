import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { LogFollower } from './log-follower.js';
import type { FollowedBatch } from './log-reading.js';
import type { Place } from './place.js';

const event = (uid: number): string =>
  `${JSON.stringify({ ts: 1600000000 + uid, uid: `C${uid}`, 'id.orig_h': '10.0.0.1', 'id.resp_h': '10.0.0.2', proto: 'tcp' })}\n`;
const events = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => event(from + i)).join('');
const uids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `C${from + i}`);
const tsvHeader = '#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.resp_h\tproto\n';
const row = (uid: number): string => `160000000${uid}\tC${uid}\t10.0.0.1\t10.0.0.2\ttcp\n`;

/** Follows a log until `stop`; what it saw is kept. */
class Follower {
  readonly context: string[] = [];
  readonly seen: string[] = [];
  readonly lines: number[] = [];
  readonly faults: string[] = [];
  readonly notes: string[] = [];
  place: Place | null;
  private readonly stopping = new AbortController();
  private readonly done: Promise<void>;
  private quiet = 0;

  constructor(path: string, place: Place | null = null, from: 'start' | 'end' = 'start') {
    this.place = place;
    const options = { place, from, pollMs: 10, onNote: (note: string) => this.notes.push(note) };
    this.done = this.read(new LogFollower(path, options));
  }

  private async read(follower: LogFollower): Promise<void> {
    for await (const batch of follower.batches(this.stopping.signal)) this.take(batch);
  }

  private take({ items, place, caughtUp, isContext }: FollowedBatch): void {
    if (isContext) {
      for (const item of items) if (item.kind === 'flow') this.context.push(item.flow.uid!);
      return;
    }
    for (const item of items) {
      if (item.kind === 'flow') this.seen.push(item.flow.uid!);
      if (item.kind === 'flow') this.lines.push(item.line);
      if (item.kind === 'fault') this.faults.push(`${item.line}: ${item.problem}`);
    }
    this.place = place;
    if (caughtUp) this.quiet++;
  }

  async until(look: () => boolean): Promise<void> {
    for (const end = Date.now() + 20_000; !look() && Date.now() < end;) await sleep(5);
  }

  async sees(count: number): Promise<string[]> {
    await this.until(() => this.seen.length >= count);
    await sleep(30);
    return this.seen;
  }

  async stop(): Promise<Place | null> {
    this.stopping.abort();
    await this.done;
    return this.place;
  }
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

describe('one direction of a flow', () => {
  it('is given at the stop when its other half has not come', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'netwarden-one-way-'));
    const log = join(folder, 'eve.json');
    const time = '2024-03-09T16:00:00.000000+0000';
    const half = {
      event_type: 'netflow',
      flow_id: 'C1',
      src_ip: '10.0.0.1',
      dest_ip: '10.0.0.2',
      proto: 'TCP',
    };
    const sent = { pkts: 1, bytes: 74, start: time, end: time };
    writeFileSync(log, `${JSON.stringify({ ...half, src_port: 1024, dest_port: 22, netflow: sent })}\n`);
    const follower = new Follower(log);
    await follower.until(() => follower.place !== null && follower.place.offset > 0);
    expect(follower.seen).toEqual([]);
    await follower.stop();
    expect(follower.seen).toEqual(['C1']);
    rmSync(folder, { recursive: true });
  });
});

describe('following a log', () => {
  let folder: string;
  let log: string;
  const followers: Follower[] = [];
  const follow = (place: Place | null = null, from?: 'start' | 'end'): Follower => {
    const follower = new Follower(log, place, from);
    followers.push(follower);
    return follower;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'netwarden-follow-'));
    log = join(folder, 'eve.json');
  });
  afterEach(async () => {
    await Promise.all(followers.splice(0).map((follower) => follower.stop()));
    rmSync(folder, { recursive: true });
  });

  it('reads what is there and what is added, lines that are written in halves as one', async () => {
    writeFileSync(log, events(1, 2));
    const follower = follow();
    expect(await follower.sees(2)).toEqual(['C1', 'C2']);
    appendFileSync(log, event(3).slice(0, 40));
    await sleep(50);
    expect(follower.seen).toHaveLength(2);
    appendFileSync(log, event(3).slice(40) + event(4));
    expect(await follower.sees(4)).toEqual(uids(1, 4));
    expect(follower.lines).toEqual([1, 2, 3, 4]);
    expect(follower.faults).toEqual([]);
  });

  it('begins at the end on request, with the header and the line numbers of what it passes over', async () => {
    writeFileSync(log, tsvHeader + row(1) + row(2));
    const follower = follow(null, 'end');
    await follower.until(() => follower.place !== null);
    appendFileSync(log, row(3));
    expect(await follower.sees(1)).toEqual(['C3']);
    expect(follower.lines).toEqual([6]);
  });

  it('waits for a log that is not there yet, and says so once', async () => {
    const follower = follow();
    await sleep(50);
    writeFileSync(log, events(1, 1));
    expect(await follower.sees(1)).toEqual(['C1']);
    expect(follower.notes).toEqual([`waiting for ${log}: there is no such file yet`]);
  });

  it('goes on behind a damaged line and one that is too long', async () => {
    writeFileSync(log, `${event(1)}{"ts":\n{"x":"${'y'.repeat(3 * 1024 * 1024)}"}\n${event(2)}`);
    const follower = follow();
    expect(await follower.sees(2)).toEqual(['C1', 'C2']);
    expect(follower.lines).toEqual([1, 4]);
    expect(follower.faults).toEqual([
      expect.stringMatching(/^2: not a JSON object/),
      '3: longer than 1048576 bytes',
    ]);
  });

  it('refuses what is no log of flows', async () => {
    writeFileSync(log, 'once upon a time\n');
    const batches = new LogFollower(log, { place: null }).batches(new AbortController().signal);
    expect(await batches.next()).toMatchObject({ value: { items: [], place: { offset: 0, format: null } } });
    await expect(batches.next()).rejects.toThrow('The log is none of');
  });

  describe('that is rotated', () => {
    it('reads a renamed file to its end before the new one, also what its writer still adds', async () => {
      writeFileSync(log, events(1, 2));
      const follower = follow();
      await follower.sees(2);
      renameSync(log, `${log}.1`);
      writeFileSync(log, '');
      appendFileSync(`${log}.1`, events(3, 4));
      await follower.sees(4);
      appendFileSync(`${log}.1`, event(5).trimEnd());
      writeFileSync(log, events(6, 7));
      expect(await follower.sees(7)).toEqual(uids(1, 7));
      expect(follower.lines).toEqual([1, 2, 3, 4, 5, 1, 2]);
    });

    it('reads the files that came and went between two looks', async () => {
      writeFileSync(log, events(1, 1));
      const follower = follow();
      await follower.sees(1);
      renameSync(log, `${log}.2`);
      await sleep(20);
      writeFileSync(`${log}.1`, events(2, 3));
      await sleep(20);
      writeFileSync(log, events(4, 4));
      expect(await follower.sees(4)).toEqual(uids(1, 4));
    });

    it('reads all files that were written last at the same time, once each', async () => {
      const at = new Date('2026-03-01T12:00:00Z');
      writeFileSync(log, '');
      utimesSync(log, at, at);
      const follower = follow();
      await follower.until(() => follower.place !== null);
      const place = await follower.stop();
      for (const i of [1, 2, 3]) {
        writeFileSync(`${log}.${4 - i}`, events(i, i));
        utimesSync(`${log}.${4 - i}`, at, at);
      }
      writeFileSync(log, events(4, 4));
      const seen = await follow(place).sees(4);
      expect([...seen].sort()).toEqual(uids(1, 4));
      expect(seen[3]).toBe('C4');
    });

    it('takes each file by its own header', async () => {
      writeFileSync(log, tsvHeader + row(1));
      const follower = follow();
      await follower.sees(1);
      renameSync(log, `${log}.1`);
      writeFileSync(
        log,
        '#separator \\x09\n#fields\tuid\tproto\tts\tid.orig_h\tid.resp_h\nC2\ttcp\t7\t10.0.0.1\t10.0.0.2\n',
      );
      expect(await follower.sees(2)).toEqual(['C1', 'C2']);
      expect(follower.faults).toEqual([]);
    });
  });

  describe('that is truncated', () => {
    it('reads the rest from the copy, then what is written over it by the header that it had', async () => {
      writeFileSync(log, tsvHeader + row(1));
      const follower = follow();
      await follower.sees(1);
      const place = await follower.stop();
      appendFileSync(log, row(2));
      copyFileSync(log, `${log}.1`);
      truncateSync(log);
      appendFileSync(log, row(3));
      const second = follow(place);
      expect(await second.sees(2)).toEqual(['C2', 'C3']);
      expect(second.faults).toEqual([]);
    });

    it('and renamed before it was looked at again is read in all its parts', async () => {
      writeFileSync(log, events(1, 20));
      const follower = follow();
      await follower.sees(20);
      const place = await follower.stop();
      appendFileSync(log, events(21, 25));
      copyFileSync(log, `${log}.3`);
      truncateSync(log);
      await sleep(20);
      appendFileSync(log, events(26, 28));
      renameSync(log, `${log}.2`);
      await sleep(20);
      writeFileSync(log, events(29, 30));
      expect(await follow(place).sees(10)).toEqual(uids(21, 30));
    });

    it('before anything was read of it is read in its copy first', async () => {
      const follower = follow();
      await follower.until(() => follower.notes.length > 0);
      writeFileSync(log, '');
      await follower.until(() => follower.place !== null);
      await sleep(20);
      writeFileSync(`${log}.2`, events(1, 2));
      await sleep(20);
      appendFileSync(log, events(3, 4));
      expect(await follower.sees(4)).toEqual(uids(1, 4));
    });

    it('notices it while following, also when the file is longer again than it was', async () => {
      writeFileSync(log, events(1, 2));
      const follower = follow();
      await follower.sees(2);
      truncateSync(log);
      appendFileSync(log, events(3, 9));
      expect(await follower.sees(9)).toEqual(uids(1, 9));
    });
  });

  describe('by a process that starts again', () => {
    const stopAt = async (count: number): Promise<Place> => {
      const follower = follow();
      await follower.sees(count);
      return (await follower.stop())!;
    };

    it('goes on where it stopped', async () => {
      writeFileSync(log, tsvHeader + row(1) + row(2));
      const place = await stopAt(2);
      appendFileSync(log, row(3));
      const second = follow(place);
      expect(await second.sees(1)).toEqual(['C3']);
      expect(second.lines).toEqual([6]);
      expect(second.context).toEqual(['C1', 'C2']);
    });

    it('looks back by whole lines, a megabyte at most', async () => {
      writeFileSync(log, events(1, 15_000));
      const place = await stopAt(15_000);
      const second = follow(place);
      await second.until(() => second.context.length > 0);
      expect(second.context.length).toBeGreaterThan(8000);
      expect(second.context).toEqual(uids(15_001 - second.context.length, 15_000));
    });

    it.each([
      ['renamed', (): void => renameSync(log, `${log}.1`)],
      ['renamed with a date', (): void => renameSync(log, join(folder, 'eve-20260314.json'))],
      [
        'renamed and compressed',
        (): void => {
          renameSync(log, `${log}.1`);
          compress(`${log}.1`);
        },
      ],
    ])('finishes a file that was %s in the meantime', async (_, rotate) => {
      writeFileSync(log, events(1, 200));
      const place = await stopAt(200);
      appendFileSync(log, events(201, 203));
      rotate();
      writeFileSync(log, events(204, 205));
      const second = follow(place);
      expect(await second.sees(5)).toEqual(uids(201, 205));
      expect(second.lines).toEqual([201, 202, 203, 1, 2]);
      expect(second.notes).toEqual([]);
    });

    it('reads all files of the meantime, in order', async () => {
      writeFileSync(log, events(1, 1));
      const place = await stopAt(1);
      renameSync(log, `${log}.3`);
      await sleep(20);
      writeFileSync(`${log}.2`, events(2, 2));
      await sleep(20);
      writeFileSync(`${log}.1`, events(3, 3));
      await sleep(20);
      writeFileSync(log, events(4, 4));
      expect(await follow(place).sees(3)).toEqual(uids(2, 4));
    });

    it('knows another file by its beginning, whatever its inode, and says what is gone', async () => {
      writeFileSync(log, events(1, 3));
      const place = await stopAt(3);
      // As if the inode had been used again.
      writeFileSync(log, events(10, 19));
      const second = follow(place);
      expect(await second.sees(10)).toEqual(uids(10, 19));
      expect(second.notes).toEqual([expect.stringMatching(/^the file that was read up to byte \d+ is gone/)]);
    });

    it('reads the copy of a file of which it had read nothing', async () => {
      writeFileSync(log, '');
      const follower = follow();
      await follower.until(() => follower.place !== null);
      const place = await follower.stop();
      await sleep(20);
      appendFileSync(log, events(1, 1));
      copyFileSync(log, `${log}.1`);
      truncateSync(log);
      appendFileSync(log, events(2, 2));
      expect(await follow(place).sees(2)).toEqual(uids(1, 2));
    });

    it('finishes a file of which it had read nothing', async () => {
      writeFileSync(log, '');
      const follower = follow();
      await follower.until(() => follower.place !== null);
      const place = await follower.stop();
      await sleep(20);
      appendFileSync(log, events(1, 1));
      renameSync(log, `${log}.1`);
      writeFileSync(log, events(2, 2));
      expect(await follow(place).sees(2)).toEqual(uids(1, 2));
    });
  });

  function compress(file: string): void {
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
    const { atime, mtime } = statSync(file);
    utimesSync(`${file}.gz`, atime, mtime);
    rmSync(file);
  }
});
