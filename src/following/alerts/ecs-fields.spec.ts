import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { projectRoot } from '../../config/project-root.js';
import type { VerdictName } from '../../registry/bundle/scoring-model.js';
import { aFlowAlert, aHostAlert, aUrlAlert } from '../fixtures/alerts.js';
import type { Alert } from './alert.js';
import { alertLine } from './alert-formats.js';

/** The types of the fields of ECS by their names. */
const types = new Map(
  readFileSync(resolve(projectRoot, 'src/following/fixtures/ecs-8.17-fields.csv'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',') as [string, string]),
);

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
/** What a value of each type of Elasticsearch may be. */
const checks: Readonly<Record<string, (value: unknown) => boolean>> = {
  keyword: isText,
  wildcard: isText,
  match_only_text: isText,
  ip: (value) => isIP(String(value)) !== 0 && !String(value).includes('%'),
  long: Number.isSafeInteger,
  float: Number.isFinite,
  date: (value) => new Date(String(value)).toISOString() === value,
};
/** The values that the fields of categories allow. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'event.kind': ['alert', 'asset', 'enrichment', 'event', 'metric', 'state', 'pipeline_error', 'signal'],
  'event.category': ['network', 'intrusion_detection'],
  'event.type': ['access', 'allowed', 'connection', 'denied', 'end', 'info', 'protocol', 'start'],
};

/** Fields that ECS does not have, or not so. What it has no word for stands under the product's own name. */
function faultsOf(document: object, path = ''): string[] {
  return Object.entries(document).flatMap(([name, value]: [string, unknown]) => {
    const field = path === '' ? name : `${path}.${name}`;
    if (field === 'netwarden') return [];
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return faultsOf(value, field);
    const check = checks[types.get(field) ?? ''];
    if (!check) return [`${field} is no field`];
    const values: unknown[] = Array.isArray(value) ? value : [value];
    const bad = values.filter((one) => !check(one) || allowed[field]?.includes(String(one)) === false);
    return bad.map((one) => `${field} is ${JSON.stringify(one)}`);
  });
}

/** Alerts of every kind with what logs may say and leave out. */
function* manyAlerts(count: number): Generator<Alert> {
  // Numbers without a pattern that the choices could fall in with, the same each time.
  let state = 7;
  const below = (most: number): number => (state = (state * 48_271) % 2_147_483_647) % most;
  const pick = <T>(...values: readonly T[]): T => values[below(values.length)];
  const hosts = ['10.0.0.5', '203.0.113.9', 'fe80::1', '::ffff:10.1.2.3', '2001:db8::'];
  for (let i = 0; i < count; i++) {
    const verdict = pick<VerdictName>('benign', 'suspicious', 'malicious');
    const probability = below(1001) / 1000;
    if (i % 3 === 0) {
      const flow = {
        ts: pick(1_700_000_000.25 + i, null),
        id_orig_h: pick(...hosts, null),
        id_resp_h: pick(...hosts, null),
        id_orig_p: pick(below(256), null),
        id_resp_p: pick(below(256), null),
        proto: pick('tcp', 'udp', 'icmp', 'sctp', 'gre'),
        service: pick('ssl', null),
        duration: pick(below(1000) / 1000, 0, null),
        resp_pkts: pick(3, null),
        orig_bytes: pick(0, 12, null),
      };
      const signature = {
        ...{ signature: 'ET x', signatureId: pick(5, null), category: pick('Scan', null) },
        ...{ severity: 2, action: null },
      };
      const novelty = { score: 0.7, quantile: 0.99, isNew: true };
      const more = { verdict, probability, novelty: pick(novelty, null), signature: pick(signature, null) };
      yield aFlowAlert(flow, more);
    } else if (i % 3 === 1) {
      const url = pick(
        'http://evil.example/x?a=1|2',
        'https://[2001:db8::1]/',
        'no address',
        'http://a.example:99999/',
      );
      const alert = aUrlAlert(url);
      const ends = { client: pick(...hosts, null), server: pick(...hosts, null), uid: pick('7', null) };
      yield {
        ...alert,
        verdict,
        probability,
        at: pick(1_700_000_000, null),
        asked: { ...alert.asked, ...ends },
      };
    } else {
      const kind = pick('vertical-scan', 'horizontal-scan', 'beacon', 'flood');
      const target = pick(...hosts, null);
      yield aHostAlert({
        kind,
        target,
        port: pick(23, null),
        proto: pick('tcp', 'udp', 'icmp'),
        interval: pick(60.5, null),
      });
    }
  }
}

describe('alerts in ECS', () => {
  it('have the fields of its published list only, each of its type, of every kind', () => {
    const faults = new Set<string>();
    for (const alert of manyAlerts(1000))
      for (const fault of faultsOf(JSON.parse(alertLine(alert, 'ecs')) as object)) faults.add(fault);
    expect([...faults]).toEqual([]);
  });

  it('are checked by what would find a field that there is not, a bad address and a bad category', () => {
    const document = {
      source: { ip: 'fe80::1%eth0', sport: 1 },
      event: { kind: 'alarm', severity: 1.5 },
      network: { transport: '' },
    };
    expect(faultsOf(document)).toEqual([
      'source.ip is "fe80::1%eth0"',
      'source.sport is no field',
      'event.kind is "alarm"',
      'event.severity is 1.5',
      'network.transport is ""',
    ]);
  });
});

describe('alerts in CEF and syslog', () => {
  it('are one line each with a header of seven fields, and no key twice, of every kind', () => {
    for (const alert of manyAlerts(1000)) {
      const line = alertLine(alert, 'cef');
      const [, ...header] =
        /^CEF:0\|((?:\\.|[^|\\])*)\|((?:\\.|[^|\\])*)\|((?:\\.|[^|\\])*)\|((?:\\.|[^|\\])*)\|((?:\\.|[^|\\])*)\|(\d+)\|/.exec(
          line,
        )!;
      expect(header).toHaveLength(6);
      expect(Number(header[5])).toBeLessThanOrEqual(10);
      expect(line).not.toMatch(/[\r\n]/);
      const keys = [...line.matchAll(/ (\w+)=/g)].map(([, key]) => key);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
});
