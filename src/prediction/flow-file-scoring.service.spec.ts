import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { loadContracts } from '../detector/contracts.service.js';
import { flowFeatures } from '../detector/flow/flow-features.js';
import type { ContractsService } from '../detector/contracts.service.js';
import type { Matrix } from '../ml/matrix.js';
import { accountedFor, FlowFileScoringService, type FlowFileSummary } from './flow-file-scoring.service.js';
import { FlowScoringService } from './flow-scoring.service.js';
import type { FlowVerdictsDto, LoneFlowVerdictDto } from './flow-scoring.dto.js';
import type { LoadedVersion } from './loaded-version.js';
import { ModelUnavailableError } from './prediction.errors.js';
import { ScoringService } from './scoring.service.js';
import type { ServingService } from './serving.service.js';
import { ShadowService } from './shadow.service.js';

const contracts = loadContracts('schema');
const hasContext = flowFeatures.findIndex(({ name }) => name === 'hasContext');

/** Finds a threat in each flow that has a context. */
const champion = {
  contract: contracts.get('network-flow'),
  row: { version: 4, createdAt: new Date(0) },
  model: {
    score: (x: Matrix) =>
      Float64Array.from({ length: x.rows }, (_, i) => (x.row(i)[hasContext] === 1 ? 0.9 : 0.1)),
    verdictOf: (probability: number) => (probability > 0.5 ? 'malicious' : 'benign'),
    explain: () => ({ values: flowFeatures.map((_, j) => (j === hasContext ? 1 : 0)) }),
  },
} as unknown as LoadedVersion;

const serving = {
  get: (detector: string) => {
    if (detector === 'network-flow') return { champion, trial: null };
    throw new ModelUnavailableError(detector, 'none was promoted');
  },
} as unknown as ServingService;
const noLists = { find: () => null };
const scoring = new ScoringService(serving, new ShadowService(), noLists as never);
const flows = new FlowScoringService(contracts as unknown as ContractsService, serving, scoring);
const files = new FlowFileScoringService(flows, serving, scoring);

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

const flow = (more: object): Record<string, unknown> => ({
  ts: 1000,
  uid: 'C1',
  'id.orig_h': '10.0.0.2',
  'id.orig_p': 40000,
  'id.resp_h': '10.0.0.9',
  'id.resp_p': 443,
  proto: 'tcp',
  conn_state: 'SF',
  orig_pkts: 5,
  resp_pkts: 4,
  ...more,
});

/** Twenty hosts that talk to one server, and one that goes to where nobody answers. */
function scanLog(probe: (i: number) => object): Readable {
  const lines = Array.from({ length: 60 }, (_, i) => [
    flow({ ts: 1000 + i, uid: `B${i}`, 'id.orig_h': `10.0.0.${20 + (i % 20)}` }),
    flow({
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
      JSON.stringify(flow({})),
      '{"ts": 1',
      JSON.stringify({ event_type: 'stats' }),
      JSON.stringify({ event_type: 'alert', flow_id: 7, alert: { signature: 'Odd' } }),
      JSON.stringify({ event_type: 'alert' }),
      JSON.stringify({ event_type: 'http', http: { hostname: 'example.com', url: '/a' } }),
      JSON.stringify(flow({ ts: 1001 })),
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

describe('scoring the flows of a request', () => {
  it('says that a flow by itself had no context', async () => {
    const verdict = (await flows.answer({ flow: flow({}) }, true)) as LoneFlowVerdictDto;
    expect(verdict).toMatchObject({ uid: 'C1', context: false, verdict: 'benign', hosts: [] });
  });

  it('takes the flows of a request for the context of each other, whichever sensor they are from', async () => {
    const eve = {
      event_type: 'flow',
      timestamp: '2026-01-02T03:00:05Z',
      src_ip: '10.0.0.2',
      dest_ip: '10.0.0.9',
      proto: 'TCP',
      flow: { start: '2026-01-02T03:00:00Z', end: '2026-01-02T03:00:05Z' },
    };
    const underscored = { ts: 1, id_orig_h: '10.0.0.2', id_resp_h: '10.0.0.9', proto: 'udp' };
    const body = { flows: [flow({}), eve, underscored] };
    const { verdicts } = (await flows.answer(body, true)) as FlowVerdictsDto;
    expect(verdicts.map(({ context, verdict }) => [context, verdict])).toEqual([
      [true, 'malicious'],
      [true, 'malicious'],
      [true, 'malicious'],
    ]);
    expect(verdicts[0].reasons[0].text).toMatch(/speaks for a threat$/);
    expect(((await flows.answer(body, false)) as FlowVerdictsDto).verdicts[0].reasons).toEqual([]);
  });

  it('names what does not fit', async () => {
    const body = { flows: [flow({}), flow({ 'id.resp_p': 99_999 }), 7, { event_type: 'dns' }] };
    await expect(flows.answer(body, false)).rejects.toMatchObject({
      code: 'RECORD_INVALID',
      errors: [
        { path: 'flows[1].id_resp_p', message: 'is 99999, not a port' },
        { path: 'flows[2]', message: expect.stringContaining('must be an object') },
        { path: 'flows[3]', message: 'is an event of the type dns, not flow' },
      ],
    });
    await expect(flows.answer({}, false)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    const tooMany = { flows: new Array<object>(1001).fill(flow({})) };
    await expect(flows.answer(tooMany, false)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('opens scorers for detectors of flows only', async () => {
    await expect(flows.open('url')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});
