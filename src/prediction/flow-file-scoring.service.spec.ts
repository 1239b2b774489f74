import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { EventUrlsService } from './event-urls.service.js';
import { accountedFor, FlowFileScoringService, type FlowFileSummary } from './flow-file-scoring.service.js';
import { connLine, flowVersion } from './fixtures/flow-models.js';
import { contracts, scoringWith } from './fixtures/scoring.js';
import { ModelUnavailableError } from './prediction.errors.js';

const champion = flowVersion(4, 0.9);
const scoring = scoringWith((detector) => {
  if (detector === 'network-flow') return { champion, trial: null };
  throw new ModelUnavailableError(detector, 'none was promoted');
});
const files = new FlowFileScoringService(scoring, new EventUrlsService(contracts, scoring));

interface Row {
  readonly line: number;
  readonly verdict?: string;
  readonly error?: string;
}

async function scoreLog(bytes: () => Readable): Promise<{ rows: Row[]; summary: FlowFileSummary }> {
  const { chunks, summary } = await files.score('network-flow', bytes);
  let text = '';
  for await (const chunk of chunks) text += chunk;
  const rows = text.split('\n').filter(Boolean);
  return { rows: rows.map((row) => JSON.parse(row) as Row), summary: summary() };
}

/** Twenty hosts that talk to one server, and one that goes to where nobody answers. */
function scanLog(probe: (i: number) => object): Readable {
  const lines = Array.from({ length: 60 }, (_, i) => [
    connLine({ ts: 1000 + i, uid: `B${i}`, 'id.orig_h': `10.0.0.${20 + (i % 20)}` }),
    connLine({
      ts: 1000 + i,
      uid: `S${i}`,
      'id.orig_h': '10.0.0.66',
      conn_state: 'S0',
      resp_pkts: 0,
      ...probe(i),
    }),
  ]);
  return Readable.from([
    Buffer.from(
      lines
        .flat()
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    ),
  ]);
}

describe('scoring a log of flows', () => {
  it.each([
    ['vertical-scan', (i: number) => ({ 'id.resp_p': 100 + i })],
    ['horizontal-scan', (i: number) => ({ 'id.resp_h': `10.0.1.${i}`, 'id.resp_p': 23 })],
  ])('names the host of a %s, and no other', async (kind, probe) => {
    const { summary } = await scoreLog(() => scanLog(probe));
    expect(summary.hosts.map(({ host, count }) => [host, count])).toEqual([['10.0.0.66', 60]]);
    expect(summary.hosts[0]).toMatchObject({ kind, text: expect.stringContaining('10.0.0.66 scans') });
    expect(summary.hosts[0].uids).toContain('S0');
  });

  it('accounts for every line, and goes on behind a damaged one', async () => {
    const log = [
      JSON.stringify(connLine({})),
      '{"ts": 1',
      JSON.stringify({ event_type: 'stats' }),
      JSON.stringify({ event_type: 'alert', flow_id: 7, alert: { signature: 'Odd' } }),
      JSON.stringify({ event_type: 'alert' }),
      JSON.stringify({ event_type: 'http', http: { hostname: 'example.com', url: '/a' } }),
      JSON.stringify(connLine({ ts: 1001 })),
    ].join('\n');
    const { rows, summary } = await scoreLog(() => Readable.from([Buffer.from(log)]));
    expect(rows.map(({ line, verdict }) => [line, verdict])).toEqual([
      [1, 'malicious'],
      [2, undefined],
      [6, undefined],
      [7, 'malicious'],
    ]);
    expect(summary).toMatchObject({
      lines: 7,
      flows: { malicious: 2 },
      urls: { unscored: 1 },
      other: { stats: 1, alert: 2 },
      rejected: { count: 1, first: [{ line: 2, code: 'NOT_AN_OBJECT' }] },
    });
    expect(accountedFor(summary)).toBe(7);
  });

  const folder = '../shared/data/logs';
  const logs = existsSync(folder) ? readdirSync(folder) : [];
  (logs.length > 0 ? it : it.skip).each(logs.length > 0 ? logs : ['a log (../shared/data/logs is absent)'])(
    'accounts for every line of %s',
    async (name) => {
      const path = `${folder}/${name}`;
      const { summary } = await scoreLog(() => createReadStream(path));
      const lines = readFileSync(path, 'latin1')
        .split('\n')
        .filter((line) => line.trim() !== '');
      expect(lines.length).toBeGreaterThan(0);
      expect(summary.lines).toBe(lines.length);
      expect(accountedFor(summary)).toBe(lines.length);
    },
  );
});
