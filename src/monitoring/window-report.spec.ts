import type { Tally } from './log/predictions.repository.js';
import { roundedSince, shadowReports, slicesOf, versionReports } from './window-report.js';

const at = new Date('2026-03-01T12:00:00Z');
const tally = (count: number, changes: Partial<Tally> = {}): Tally => ({
  version: 1,
  servedBy: 'champion',
  verdict: 'benign',
  modelVerdict: changes.verdict ?? 'benign',
  label: null,
  shadow: null,
  count,
  probability: count / 10,
  first: at,
  last: at,
  ...changes,
});

describe('the report on a window', () => {
  it('tells shares, threat rate and mean probability of each version, the newest first', () => {
    const reports = versionReports([
      tally(60),
      tally(10, { verdict: 'suspicious', probability: 6 }),
      tally(30, { verdict: 'malicious', probability: 28 }),
      tally(5, { version: 2, servedBy: 'challenger' }),
      tally(3, { version: 2 }),
    ]);
    expect(
      reports.map(({ version, predictions, asChallenger }) => [version, predictions, asChallenger]),
    ).toEqual([
      [2, 8, 5],
      [1, 100, 0],
    ]);
    expect(reports[1]).toMatchObject({
      verdictShares: { benign: 0.6, suspicious: 0.1, malicious: 0.3 },
      threatRate: { value: 0.4, count: 40, of: 100 },
      meanProbability: 0.4,
    });
    const [low, high] = reports[1].threatRate.interval!;
    expect([low, high]).toEqual([expect.closeTo(0.3094, 4), expect.closeTo(0.498, 4)]);
  });

  it('tells precision and recall by feedback, the suspicious counted as threats', () => {
    const [{ feedback }] = versionReports([
      tally(1000),
      tally(6, { verdict: 'malicious', label: 1 }),
      tally(3, { verdict: 'suspicious', label: 1 }),
      tally(3, { verdict: 'suspicious', label: 0 }),
      tally(7, { label: 0 }),
      tally(1, { label: 1 }),
    ]);
    expect(feedback).toMatchObject({
      tp: 9,
      fp: 3,
      tn: 7,
      fn: 1,
      precision: { value: 0.75, count: 9, of: 12 },
      recall: { value: 0.9, count: 9, of: 10 },
    });
  });

  it('knows no precision without feedback', () => {
    const [{ feedback }] = versionReports([tally(3, { verdict: 'malicious' })]);
    expect(feedback.precision).toEqual({ value: null, interval: null, count: 0, of: 0 });
  });

  it('tells how each pair of versions agrees, and which way they differ', () => {
    const shadow = (verdict: Tally['verdict'], version = 2): Pick<Tally, 'shadow'> => ({
      shadow: { version, verdict },
    });
    expect(
      shadowReports([
        tally(50),
        tally(80, shadow('benign')),
        tally(4, shadow('suspicious')),
        tally(3, shadow('malicious')),
        tally(2, { verdict: 'suspicious', ...shadow('benign') }),
        tally(11, { verdict: 'suspicious', ...shadow('malicious') }),
        tally(5, { version: 2, servedBy: 'challenger', ...shadow('benign', 1) }),
      ]),
    ).toEqual([
      expect.objectContaining({ version: 2, shadow: 1, compared: 5, benignToThreat: 0, threatToBenign: 0 }),
      {
        version: 1,
        shadow: 2,
        compared: 100,
        agreement: { value: 0.91, interval: expect.any(Array), count: 91, of: 100 },
        benignToThreat: 7,
        threatToBenign: 2,
      },
    ]);
  });

  it('of nothing has nothing', () => {
    expect([versionReports([]), shadowReports([tally(3)])]).toEqual([[], []]);
  });
});

describe('the beginning of a window', () => {
  const now = Date.UTC(2026, 2, 1, 12, 30, 30, 500);
  const hourMs = 3_600_000;

  it.each([
    ['exact of the last minute', 59_999, '12:29:30.501Z'],
    ['of a whole second within the last hour', 60_400, '12:29:30.000Z'],
    ['of a whole minute before', hourMs + 1, '11:30:00.000Z'],
    ['exact in time to come', -1234, '12:30:31.734Z'],
  ])('is %s', (_, age, moment) => {
    expect(roundedSince(new Date(now - age), now).toISOString()).toBe(`2026-03-01T${moment}`);
  });
});

describe('the parts of a window', () => {
  it.each([0, -5, 10, 24, 86_400_001, 90 * 86_400_000])('are all of it, each once, of %d ms', (ms) => {
    const [since, until] = [at, new Date(at.getTime() + ms)];
    const parts = slicesOf(since, until, 24);
    expect(parts).toHaveLength(ms < 24 ? 1 : 24);
    expect([parts[0].since, parts.at(-1)!.until]).toEqual([since, until]);
    for (let i = 1; i < parts.length; i++) expect(parts[i].since).toEqual(parts[i - 1].until);
  });
});
