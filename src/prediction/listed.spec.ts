import { listsOf } from '../lists/fixtures/lists.js';
import type { ListOrder } from '../lists/list-order.js';
import type { UrlItem } from '../detector/url/url-item.js';
import { UrlKind } from '../detector/url/url-kind.js';
import { connLine, flowVersion } from './fixtures/flow-models.js';
import { contracts, scoringWith } from './fixtures/scoring.js';
import type { LoadedVersion } from './loaded-version.js';
import type { ScoredBody } from './scoring.service.js';

const [monitor, victim] = ['192.168.1.9', '203.0.113.4'];
/** One host knocks at a hundred ports of another, and nobody answers. */
const scan = Array.from({ length: 100 }, (_, i) =>
  connLine({
    ...{ uid: `C${i}`, ts: 1000 + i, 'id.orig_h': monitor, 'id.resp_h': victim, 'id.resp_p': 1000 + i },
    ...{ conn_state: 'S0', orig_pkts: 1, resp_pkts: 0, history: 'S' },
  }),
);

/** What two hosts do while the model finds nothing, or a threat in every flow. */
async function scored(orders: readonly ListOrder[], probability = 0.1): Promise<ScoredBody> {
  const lists = await listsOf(orders);
  const champion = flowVersion(1, probability);
  return scoringWith(() => ({ champion, trial: null }), { lists }).score('network-flow', { flows: scan });
}

async function outcome(orders: readonly ListOrder[], probability?: number): Promise<object> {
  const { verdicts, hosts } = await scored(orders, probability);
  const last = verdicts[verdicts.length - 1];
  return { verdict: last.verdict, by: last.decidedBy, hosts: hosts?.map(({ host }) => host) };
}

describe('flows that the lists cover', () => {
  it('are benign with an exempt source, and nothing is found of it', async () => {
    expect(await outcome([])).toEqual({ verdict: 'suspicious', by: 'finding', hosts: [monitor] });
    const exempt = await scored([{ list: 'allow', match: 'host', value: monitor, note: 'our monitor' }], 0.9);
    expect(exempt.hosts).toEqual([]);
    expect(new Set(exempt.verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['benign']));
    expect(exempt.verdicts[0]).toMatchObject({ decidedBy: 'list', findings: [] });
    expect(exempt.verdicts[0].reasons[0].text).toBe(
      'the host 192.168.1.9 is on the allow list (our monitor): decides by itself',
    );
  });

  it.each([
    ['a pair', { list: 'allow', value: `${monitor} > ${victim}` }],
    ['a network', { list: 'allow', value: '192.168.0.0/16' }],
  ] as const)('are as well by %s', async (_, order) => {
    expect(await outcome([order], 0.9)).toEqual({ verdict: 'benign', by: 'list', hosts: [] });
  });

  it('keep the model’s verdict where a kind of finding alone is exempt', async () => {
    const scans: ListOrder = { list: 'allow', value: 'scan' };
    expect(await outcome([scans])).toEqual({ verdict: 'benign', by: 'model', hosts: [] });
    expect(await outcome([scans], 0.9)).toEqual({ verdict: 'malicious', by: 'model', hosts: [] });
    const narrow: ListOrder = { list: 'allow', match: 'host', value: monitor, finding: 'beacon' };
    expect(await outcome([narrow])).toEqual({ verdict: 'suspicious', by: 'finding', hosts: [monitor] });
  });

  it('to an exempt host are benign, unless their source was found to do something', async () => {
    const allowed: ListOrder = { list: 'allow', match: 'host', value: victim };
    expect(await outcome([allowed])).toEqual({ verdict: 'suspicious', by: 'finding', hosts: [monitor] });
    const lists = await listsOf([allowed]);
    const champion = flowVersion(1, 0.9);
    const { verdicts } = await scoringWith(() => ({ champion, trial: null }), { lists }).score(
      'network-flow',
      {
        flows: [connLine({ 'id.resp_h': victim }), connLine({ 'id.resp_h': '203.0.113.5' })],
      },
    );
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['benign', 'malicious']);
  });

  it('are malicious with a denied end, and as they were once the entry is over', async () => {
    expect(await outcome([{ list: 'deny', value: '203.0.113.0/24' }])).toMatchObject({
      verdict: 'malicious',
      by: 'list',
    });
    const suppressed: ListOrder = {
      list: 'suppress',
      value: monitor,
      expiresAt: new Date(Date.now() + 60_000),
    };
    expect(await outcome([suppressed])).toEqual({ verdict: 'suspicious', by: 'finding', hosts: [monitor] });
  });
});

describe('addresses with a name of one’s own', () => {
  const model = {
    contract: contracts.get('url'),
    score: (x: { rows: number }) => new Float64Array(x.rows).fill(0.2),
    novelty: () => null,
    verdictOf: () => 'benign',
  };
  const featurize = (items: readonly unknown[]): Promise<object> =>
    Promise.resolve({ x: { rows: items.length } });
  const champion = { version: 2, contract: model.contract, model, featurize } as unknown as LoadedVersion;
  const brand: ListOrder = { list: 'brand', value: 'Acme Bank', domains: ['acmebank.com'] };

  const verdictOn = async (url: string, orders: readonly ListOrder[]): Promise<object> => {
    const lists = await listsOf(orders);
    const { verdicts } = await scoringWith(() => ({ champion, trial: null }), { lists }).score(
      'url',
      { url },
      { explain: 'none' },
    );
    const [{ verdict, modelVerdict, decidedBy, reasons }] = verdicts;
    return { verdict, modelVerdict, decidedBy, text: reasons[0]?.text ?? null };
  };

  it('are at least suspicious, malicious with a lure, and say which brand', async () => {
    expect(await verdictOn('https://acmebank.shop/', [brand])).toEqual({
      verdict: 'suspicious',
      modelVerdict: 'benign',
      decidedBy: 'rule',
      text: 'the host has the name of your brand Acme Bank (acmebank), which is at home at acmebank.com',
    });
    expect(await verdictOn('https://acmebank-verify.shop/login', [brand])).toMatchObject({
      verdict: 'malicious',
    });
    expect(await verdictOn('https://acmebank.com/login', [brand])).toMatchObject({
      verdict: 'benign',
      text: null,
    });
    expect(await verdictOn('https://acmebank.shop/', [])).toMatchObject({
      verdict: 'benign',
      decidedBy: 'model',
    });
  });

  it('are what an entry of a list says', async () => {
    const partner: ListOrder = { list: 'allow', value: 'acmebank.shop' };
    expect(await verdictOn('https://acmebank.shop/', [brand, partner])).toMatchObject({
      verdict: 'benign',
      decidedBy: 'list',
    });
  });
});

describe('an address that leads to another', () => {
  const verdictOn = async (url: string, orders: readonly ListOrder[]): Promise<string | null> => {
    const lists = await listsOf(orders);
    const item = new UrlKind({}).item([url]) as UrlItem;
    const found = lists.find(...item.links.map((link) => link.url));
    return found && `${found.list} ${found.value}`;
  };
  const evil: ListOrder = { list: 'deny', value: 'evil-kit.example' };

  it.each([
    'https://www.google.com/url?q=https%3A%2F%2Fevil-kit.example%2Fa',
    'https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil-kit.example%2Fa&data=05&reserved=0',
  ])('is denied by an entry for what it leads to: %s', async (url) => {
    expect(await verdictOn(url, [evil])).toBe('deny evil-kit.example');
    expect(await verdictOn(url, [evil, { list: 'allow', value: new URL(url).host }])).toBe(
      'deny evil-kit.example',
    );
  });

  it('is not allowed by an entry for the redirector', async () => {
    const url = 'https://www.google.com/url?q=https%3A%2F%2Fstranger.example%2Fa';
    expect(await verdictOn(url, [{ list: 'allow', value: 'google.com' }])).toBeNull();
    expect(await verdictOn(url, [{ list: 'allow', value: 'stranger.example' }])).toBe(
      'allow stranger.example',
    );
  });
});
