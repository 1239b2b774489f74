import type { AuditEvent } from './audit-event.schema.js';
import { type CountedEvent, mostKinds, RefusalTally } from './refusal-tally.js';

describe('refusals of one kind', () => {
  const start = Date.UTC(2026, 2, 1, 12);
  let written: CountedEvent[];
  let isAway: boolean;
  let made: number;
  let tally: RefusalTally;

  const eventOf = (at: Date, actor: string): AuditEvent => ({
    _id: `event ${++made}`,
    at,
    actor,
    key: actor,
    method: 'GET',
    path: '/v1/training-runs',
    status: 403,
    requestId: 'r',
  });
  const note = (kind: string, second: number): Promise<void> | null => {
    const at = new Date(start + second * 1000);
    return tally.note(kind, () => eventOf(at, kind), at);
  };

  beforeEach(() => {
    [written, isAway, made] = [[], false, 0];
    tally = new RefusalTally((event) => {
      if (isAway) return Promise.reject(new Error('away'));
      written.push(event);
      return Promise.resolve();
    });
  });

  it('are written at once the first time, and counted until the next flush', async () => {
    await note('a', 0);
    expect(written).toMatchObject([{ _id: 'event 1', count: 1, lastAt: new Date(start) }]);
    for (let i = 1; i <= 50; i++) expect(note('a', i)).toBeNull();
    expect([written.length, tally.isWritten]).toEqual([1, false]);
    await tally.flush();
    expect(written[1]).toMatchObject({ _id: 'event 1', count: 50, lastAt: new Date(start + 50_000) });
    await tally.flush();
    expect([written.length, tally.isWritten]).toEqual([2, true]);
  });

  it('begin anew each minute, and what the last one left is written', async () => {
    for (const second of [0, 30, 59, 60, 61]) await note('a', second);
    await tally.flush();
    expect(written.map(({ _id, count }) => [_id, count])).toEqual([
      ['event 1', 1],
      ['event 2', 1],
      ['event 1', 2],
      ['event 2', 1],
    ]);
  });

  it('are counted together once there are too many kinds', async () => {
    for (let i = 0; i < 3 * mostKinds; i++) await note(`kind ${i}`, 1);
    await tally.flush();
    expect(new Set(written.map(({ _id }) => _id)).size).toBe(mostKinds + 1);
    const rest = written.filter(({ actor }) => actor === 'several');
    expect(rest).toMatchObject([
      { key: null, method: '*', path: '*', count: 1 },
      { key: null, method: '*', path: '*', count: 2 * mostKinds - 1 },
    ]);
  });

  it('are not lost while the database is away for less than their minute', async () => {
    isAway = true;
    await expect(note('a', 0)).rejects.toThrow('away');
    expect(note('a', 1)).toBeNull();
    await expect(tally.flush()).rejects.toThrow('away');
    isAway = false;
    await tally.flush();
    expect(written).toMatchObject([{ _id: 'event 1', count: 2, lastAt: new Date(start + 1000) }]);
  });

  it('are written one after the other, so that two writes never make the event twice', async () => {
    let inside = 0;
    tally = new RefusalTally(async (event) => {
      expect(++inside).toBe(1);
      await new Promise((wait) => setImmediate(wait));
      written.push(event);
      inside--;
    });
    const first = note('a', 0);
    await new Promise((wait) => setImmediate(wait));
    for (let i = 1; i < 5; i++) {
      expect(note('a', i)).toBeNull();
      void tally.flush();
    }
    await Promise.all([first, tally.flush()]);
    expect(written.reduce((sum, { count }) => sum + count, 0)).toBe(5);
  });
});
