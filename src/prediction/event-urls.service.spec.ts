import { Readable } from 'node:stream';
import type { Item } from '../detector/kind.js';
import { isInfrastructure } from '../detector/url/infrastructure.js';
import { openFlowLog } from '../ingestion/readers/flow/flow-log.js';
import type { UrlItem } from '../ingestion/readers/flow/flow-item.js';
import { EventUrlsService } from './event-urls.service.js';
import { contracts } from './fixtures/scoring.js';
import type { ScoringService } from './scoring.service.js';
import type { Verdict } from './verdict.js';

/** Finds every address malicious; by a list where it names `listed`. */
const scoring = {
  scoreKnown: (_: string, items: readonly Item[]) =>
    Promise.resolve(
      items.map((item) => {
        const decidedBy = String(item.values[0]).includes('listed') ? 'list' : 'model';
        return { item, verdict: 'malicious', decidedBy, reasons: [] } as unknown as Verdict;
      }),
    ),
} as unknown as ScoringService;
const service = new EventUrlsService(contracts, scoring);

const asked = (url: string, client = '10.1.2.3', server: string | null = '198.51.100.7'): UrlItem => ({
  kind: 'url',
  line: 1,
  url,
  event: 'http',
  uid: null,
  ts: null,
  client,
  server,
});

async function decided(item: UrlItem): Promise<unknown[]> {
  const [scored] = (await service.score([item], 'none'))!;
  if ('error' in scored) return [scored.error];
  const { verdict, decidedBy, reasons } = scored.verdict;
  return [verdict, decidedBy, reasons[0]?.text];
}

describe('addresses that a sensor saw being asked for', () => {
  it.each([
    ['a host of the own network', asked('http://192.168.1.1/login.html', '10.1.2.3', '192.168.1.1')],
    ['another port of it', asked('http://10.1.2.9:9100/metrics', '10.1.2.3', '10.1.2.9')],
    ['a cloud machine’s own data', asked('http://169.254.169.254/latest/meta-data/')],
    ['a group of hosts', asked('http://239.255.255.250:1900/*')],
    ['a host of the own network by IPv6', asked('http://[fe80::1]/', 'fe80::2', 'fe80::1')],
    ['the own server, by who is outside', asked('http://example.org/login', '203.0.113.50', '192.168.1.10')],
    ['the own server by its address', asked('http://198.51.100.9/x', '203.0.113.50', '10.0.0.4')],
    ['the status of a certificate', asked('http://ocsp.digicert.com/MFEwTzBNMEswSTAJBgUrDgMCGgUABBQ')],
    ['a list of revoked certificates', asked('http://x1.c.lencr.org/')],
    ['an update', asked('http://3.au.download.windowsupdate.com/d/msdownload/update/a.exe')],
    ['whether one is online', asked('http://detectportal.firefox.com/success.txt')],
  ])('of %s are benign by rule, and say why', async (_, item) => {
    expect(await decided(item)).toEqual(['benign', 'rule', expect.stringContaining('decides by itself')]);
  });

  it.each([
    ['of a stranger', asked('http://evil.example/x')],
    [
      'of a stranger through a proxy of the own network',
      asked('http://evil.example/x', '10.1.2.3', '10.0.0.8'),
    ],
    ['between two strangers', asked('http://evil.example/x', '203.0.113.50', '198.51.100.7')],
    ['that begin with the name of an infrastructure host', asked('http://ocsp.digicert.com.evil.example/')],
  ])('%s are for the model to decide', async (_, item) => {
    expect(await decided(item)).toEqual(['malicious', 'model', undefined]);
  });

  it('that a list decides on stay as it says', async () => {
    expect(await decided(asked('http://192.168.1.1/listed'))).toEqual(['malicious', 'list', undefined]);
  });

  it('come in to a server or go to hosts of the own network, as events of Suricata log them', async () => {
    const event = (src_ip: string, dest_ip: string, http: object): string =>
      JSON.stringify({ event_type: 'http', src_ip, dest_ip, dest_port: 80, proto: 'TCP', http });
    const lines = [
      event('203.0.113.50', '192.168.1.10', { hostname: '192.168.1.10', url: '/' }),
      event('10.1.2.3', '10.1.2.9', { hostname: '10.1.2.9', http_port: 9100, url: '/metrics' }),
      event('10.1.2.3', '239.255.255.250', { hostname: '239.255.255.250', http_port: 1900, url: '*' }),
      event('10.1.2.3', '198.51.100.7', { hostname: 'evil.example', url: '/x' }),
    ];
    const log = await openFlowLog(Readable.from([Buffer.from(lines.join('\n'))]));
    const verdicts: string[] = [];
    for await (const items of log.batches()) {
      const urls = items.filter((item) => item.kind === 'url');
      for (const scored of (await service.score(urls, 'none'))!)
        verdicts.push('error' in scored ? scored.error : scored.verdict.verdict);
    }
    expect(verdicts).toEqual(['benign', 'benign', 'benign', 'malicious']);
  });
});

describe('infrastructure', () => {
  it.each([
    'ocsp.sectigo.com',
    'c.pki.goog',
    'r10.o.lencr.org',
    'de.archive.ubuntu.com',
    'archive.ubuntu.com',
  ])('%s is', (host) => expect(isInfrastructure(host)).toBe(true));

  it.each(['www.microsoft.com', 'lencr.org.evil.example', 'evil-gvt1.com', 'sectigo.com', ''])(
    '%j is not',
    (host) => expect(isInfrastructure(host)).toBe(false),
  );
});
