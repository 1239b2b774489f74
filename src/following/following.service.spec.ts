import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { parseEnvironment } from '../config/environment.js';
import type { Flow } from '../detector/flow/flow.js';
import type { HostFinding } from '../detector/flow/host-finding.js';
import { aHostAlert } from './fixtures/alerts.js';
import type { Alert } from './alerts/alert.js';
import { type LogScorer, LogScorers, type LogVerdict } from './log-scorer.js';
import { FollowingService, type FollowOrder, type FollowSummary } from './following.service.js';
import { PlaceStore } from './log/place-store.js';

const event = (i: number): string =>
  `${JSON.stringify({ ts: 1600000000 + i, uid: `C${i}`, 'id.orig_h': '10.0.0.1', 'id.resp_h': '10.0.0.2', proto: 'tcp' })}\n`;
const events = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => event(from + i)).join('');
const uids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `C${from + i}`);
const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Finds every tenth flow malicious, every other fifth suspicious, and a scan in each hundredth. */
class TenthScorer implements LogScorer {
  private found: HostFinding[] = [];

  score(flows: readonly Flow[]): Promise<LogVerdict[]> {
    return Promise.resolve(flows.map((flow) => this.verdictOn(flow)));
  }

  scoreUrls(urls: readonly string[]): Promise<LogVerdict[]> {
    return Promise.resolve(
      urls.map((url) => ({
        verdict: url.includes('evil') ? 'malicious' : 'benign',
        probability: 0.9,
        novelty: null,
        findings: [],
        reasons: [{ text: 'it is evil' }],
        version: { version: 2 },
      })),
    );
  }

  newFindings(): readonly HostFinding[] {
    return this.found.splice(0);
  }

  /** The one about the hundredth flow. */
  isSuppressed(alert: Alert): boolean {
    return alert.kind === 'flow' && alert.flow.uid === 'C100';
  }

  private verdictOn(flow: Flow): LogVerdict {
    const i = Number(flow.uid!.replace('C', ''));
    if (i % 100 === 0) this.found.push({ ...aHostAlert().finding, count: i });
    const verdict = i % 10 === 0 ? 'malicious' : i % 5 === 0 ? 'suspicious' : 'benign';
    return { verdict, probability: 0.5, novelty: null, findings: [], reasons: [], version: { version: 1 } };
  }
}

class TenthScorers extends LogScorers {
  open(): LogScorer {
    return new TenthScorer();
  }
}

describe('following a log to a receiver', () => {
  let folder: string;
  let log: string;
  let out: string;

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'netwarden-following-'));
    log = join(folder, 'eve.json');
    out = join(folder, 'alerts.ndjson');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Follows until `isDone`, then stops as a signal would. */
  const follow = async (
    isDone: (summary: FollowSummary) => boolean,
    more: Partial<FollowOrder> = {},
  ): Promise<FollowSummary> => {
    const environment = parseEnvironment({ DATA_DIR: folder });
    const service = new FollowingService(environment, new PlaceStore(environment), new TenthScorers());
    const order: FollowOrder = {
      detector: 'network-flow',
      log,
      out,
      least: 'benign',
      from: 'start',
      ...more,
    };
    const stop = new AbortController();
    return service.follow(order, stop.signal, (summary) => isDone(summary) && stop.abort());
  };
  const alerts = (): { id: string; kind: string; verdict?: string; flow?: { uid: string } }[] =>
    readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const alertedFlows = (): string[] => alerts().flatMap(({ flow }) => flow?.uid ?? []);

  it('reports flows at or above a verdict, and what hosts do', async () => {
    writeFileSync(log, `${events(1, 100)}{"ts":\n{"event_type":"stats"}\n`);
    const summary = await follow(({ lines }) => lines.other === 1, { least: 'suspicious' });
    expect(summary).toEqual({
      detector: 'network-flow',
      log,
      lines: { flow: 100, url: 0, alert: 0, other: 1, fault: 1 },
      verdicts: { benign: 80, suspicious: 10, malicious: 10 },
      urls: { benign: 0, suspicious: 0, malicious: 0 },
      alerts: 20,
      suppressed: 1,
      rejected: [{ line: 101, code: 'NOT_AN_OBJECT', problem: expect.stringContaining('not a JSON object') }],
    });
    expect(alerts().map(({ kind, verdict }) => verdict ?? kind)).toEqual([
      ...Array.from({ length: 10 }, () => ['suspicious', 'malicious'])
        .flat()
        .slice(0, -1),
      'host',
    ]);
  });

  it('adds what a signature said of a flow', async () => {
    const about = { event_type: 'alert', flow_id: 7, alert: { signature: 'ET SCAN', severity: 2 } };
    writeFileSync(log, `${JSON.stringify(about)}\n${event(6)}${event(7).replace('"C7"', '"7"')}`);
    await follow(({ lines }) => lines.flow === 2, { least: 'benign' });
    expect(alerts().map((alert) => (alert as { signature?: unknown }).signature)).toEqual([
      null,
      expect.objectContaining({ signature: 'ET SCAN', severity: 2 }),
    ]);
  });

  it('reports addresses that were asked for', async () => {
    const asks = (hostname: string): string =>
      `${JSON.stringify({ event_type: 'http', timestamp: '2023-11-14T22:13:20Z', flow_id: 7, src_ip: '10.0.0.5', http: { hostname, url: '/x' } })}\n`;
    writeFileSync(log, asks('evil.example') + asks('good.example'));
    const summary = await follow(({ lines }) => lines.url === 2, { least: 'malicious' });
    expect(summary).toMatchObject({ alerts: 1, urls: { benign: 1, malicious: 1 } });
    expect(alerts()).toEqual([
      expect.objectContaining({
        kind: 'url',
        time: '2023-11-14T22:13:20.000Z',
        detector: 'url',
        url: 'http://evil.example/x',
        client: '10.0.0.5',
        text: 'malicious address asked for by 10.0.0.5: http://evil.example/x: it is evil',
      }),
    ]);
  });

  it('goes on where it stopped, for each receiver by itself', async () => {
    writeFileSync(log, events(1, 3));
    await follow(({ lines }) => lines.flow === 3);
    appendFileSync(log, events(4, 5));
    expect(await follow(({ lines }) => lines.flow === 2)).toMatchObject({ lines: { flow: 2 } });
    expect(alertedFlows()).toEqual(uids(1, 5));
    const other = await follow(({ lines }) => lines.flow === 5, { out: `${out}.2` });
    expect(other.lines.flow).toBe(5);
  });

  it('begins anew where the place is damaged', async () => {
    writeFileSync(log, events(1, 2));
    await follow(({ lines }) => lines.flow === 2);
    const places = join(folder, 'places');
    for (const name of readdirSync(places)) writeFileSync(join(places, name), '{"offset":');
    await follow(({ lines }) => lines.flow === 2);
    expect(alertedFlows()).toEqual([...uids(1, 2), ...uids(1, 2)]);
    expect(new Set(alerts().map(({ id }) => id)).size).toBe(2);
  });

  it('reads nothing while the receiver is away, and loses nothing', async () => {
    writeFileSync(log, events(1, 10));
    out = join(folder, 'not-yet', 'alerts.ndjson');
    let seen = 0;
    const followed = follow(({ lines }) => (seen = lines.flow) === 30);
    await sleep(200);
    appendFileSync(log, events(11, 20));
    renameSync(log, `${log}.1`);
    writeFileSync(log, events(21, 30));
    await sleep(200);
    expect(seen).toBe(0);
    mkdirSync(join(folder, 'not-yet'));
    expect(await followed).toMatchObject({ alerts: 30 });
    expect(alertedFlows()).toEqual(uids(1, 30));
  });

  it('leaves what a receiver does not take to the next start', async () => {
    writeFileSync(log, events(1, 2));
    await follow(({ lines }) => lines.flow === 2);
    appendFileSync(log, events(3, 4));
    renameSync(out, `${out}.kept`);
    mkdirSync(out);
    const environment = parseEnvironment({ DATA_DIR: folder });
    const service = new FollowingService(environment, new PlaceStore(environment), new TenthScorers());
    const order: FollowOrder = { detector: 'network-flow', log, out, least: 'benign', from: 'start' };
    const ended = await service.follow(order, AbortSignal.timeout(100));
    expect(ended.alerts).toBe(0);
    rmdirSync(out);
    await follow(({ lines }) => lines.flow === 2);
    expect(alertedFlows()).toEqual(uids(3, 4));
  }, 10_000);

  it('reads a log that outgrows memory for one batch at a time', async () => {
    writeFileSync(log, events(1, 20_000));
    const sizes: number[] = [];
    const summary = await follow(({ lines }) => sizes.push(lines.flow) > 0 && lines.flow === 20_000, {
      least: 'malicious',
    });
    expect([summary.alerts, summary.suppressed]).toEqual([2199, 1]);
    expect(Math.max(...sizes.map((size, i) => size - (sizes[i - 1] ?? 0)))).toBeLessThan(3000);
  });
});
