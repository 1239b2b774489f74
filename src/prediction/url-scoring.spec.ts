import { firstValueFrom } from 'rxjs';
import type { Item } from '../detector/kind.js';
import type { UrlItem } from '../detector/url/url-item.js';
import type { CanonicalUrl } from '../detector/url/canonical-url.js';
import type { ListsService } from '../lists/lists.service.js';
import { contracts, noLists, scoringWith } from './fixtures/scoring.js';
import type { LoadedVersion } from './loaded-version.js';
import type { ItemFaultDto, UrlVerdictDto, UrlVerdictsDto } from './prediction.dto.js';
import type { ScoringService } from './scoring.service.js';
import { urlBodyDto } from './verdict-dtos.js';

/** Of hosts that begin with it; others have 0.1. */
const probabilities: Readonly<Record<string, number>> = { evil: 0.95, odd: 0.6, 'bit.ly': 0.9 };

function probabilityOf(item: Item): number {
  const { bareHost } = (item as UrlItem).url;
  return Object.entries(probabilities).find(([start]) => bareHost.startsWith(start))?.[1] ?? 0.1;
}

const champion = {
  version: 7,
  row: { createdAt: new Date(0) },
  contract: contracts.get('url'),
  featurize: (items: readonly Item[]) => Promise.resolve({ x: items.map(probabilityOf) }),
  model: {
    contract: contracts.get('url'),
    score: (x: number[]) => Float64Array.from(x),
    novelty: () => null,
    verdictOf: (p: number) => (p > 0.8 ? 'malicious' : p > 0.5 ? 'suspicious' : 'benign'),
  },
} as unknown as LoadedVersion;

const scoringBy = (lists: ListsService = noLists): ScoringService =>
  scoringWith(() => ({ champion, trial: null }), { lists });

async function scoreOne(url: string, lists?: ListsService): Promise<UrlVerdictDto> {
  return urlBodyDto(await scoringBy(lists).score('url', { url }, { explain: 'none' })) as UrlVerdictDto;
}

async function scoreMany(urls: readonly unknown[]): Promise<(UrlVerdictDto | ItemFaultDto)[]> {
  const body = urlBodyDto(await scoringBy().score('url', { urls }, { explain: 'none' })) as UrlVerdictsDto;
  return body.verdicts;
}

describe('scoring an address that leads on', () => {
  it('gives a wrapper the verdict on its target, and shows the chain', async () => {
    expect(await scoreOne('https://www.google.com/url?q=https%3A%2F%2Fevil.example%2Fa')).toMatchObject({
      verdict: 'malicious',
      decidedBy: 'model',
      probability: 0.95,
      chain: [
        { url: 'google.com/url?q=https://evil.example/a', through: 'Google' },
        { url: 'evil.example/a', through: null },
      ],
    });
    expect(await scoreOne('https://www.google.com/url?q=https%3A%2F%2Fshop.example')).toMatchObject({
      verdict: 'benign',
      probability: 0.1,
    });
  });

  it('shows no chain where there is none', async () => {
    expect(await scoreOne('https://shop.example/a')).not.toHaveProperty('chain');
  });

  it('lets the worse of a page and a stranger that it sends visitors to count, and keeps what the model says of the page', async () => {
    expect(await scoreOne('https://school.example/out?url=//evil.example/a')).toMatchObject({
      verdict: 'malicious',
      modelVerdict: 'benign',
      decidedBy: 'rule',
      probability: 0.95,
      reasons: [
        {
          feature: 'onward',
          contribution: null,
          text: 'sends visitors on to evil.example/a, which by itself is malicious',
        },
      ],
    });
    expect(await scoreOne('https://evil.example/out?url=https://odd.example/')).toMatchObject({
      verdict: 'malicious',
      decidedBy: 'model',
      probability: 0.95,
    });
  });

  it('looks up every link in the lists', async () => {
    const entry = {
      _id: 'e1',
      list: 'deny',
      match: 'domain',
      value: 'shop.example',
      note: '',
      expiresAt: null,
    };
    const lists = {
      isEmpty: false,
      find: (...chain: CanonicalUrl[]) => (chain.some(({ host }) => host === 'shop.example') ? entry : null),
    } as unknown as ListsService;
    const denied = { verdict: 'malicious', decidedBy: 'list', list: { entry: 'e1' } };
    expect(await scoreOne('https://href.li/?https://shop.example/', lists)).toMatchObject(denied);
    expect(await scoreOne('https://shop.example/out?url=https://other.example', lists)).toMatchObject(denied);
  });
});

describe('scoring an address by rule', () => {
  it('asks what the address is before how it is spelt, and logs the model’s verdict beside it', async () => {
    const scoring = scoringBy();
    const publishing = firstValueFrom(scoring.scored);
    const body = await scoring.score('url', { url: 'http://evil.corp:8080/' }, { explain: 'all' });
    expect(urlBodyDto(body)).toMatchObject({
      verdict: 'benign',
      modelVerdict: 'malicious',
      decidedBy: 'rule',
      probability: 0,
      reasons: [
        {
          feature: 'own-network',
          contribution: null,
          text: 'leads into your own network: evil.corp is a name under .corp, which only private networks have',
        },
      ],
    });
    expect(await publishing).toMatchObject([
      { verdict: 'benign', modelVerdict: 'malicious', decidedBy: 'rule', probability: 0 },
    ]);
  });

  it('leaves the probability to the model where a link is unknown', async () => {
    expect(await scoreOne('https://bit.ly/3xYzAbC')).toMatchObject({
      verdict: 'benign',
      modelVerdict: 'malicious',
      decidedBy: 'rule',
      probability: 0.9,
    });
  });

  it('gives active content a verdict without a host', async () => {
    const verdict = await scoreOne('javascript:alert(document.cookie)');
    expect(verdict).toMatchObject({ verdict: 'malicious', decidedBy: 'rule', probability: 1 });
    expect(verdict).not.toHaveProperty('chain');
  });
});

describe('scoring several addresses', () => {
  it('gives verdicts on those that can be read, and says in its place why another cannot', async () => {
    const verdicts = await scoreMany(['shop.example', 'mailto:ann@shop.example', 5, 'evil.example']);
    expect(verdicts).toMatchObject([
      { verdict: 'benign' },
      { path: 'urls[1]', error: 'mailto: names a mailbox; it is no address of a page' },
      { path: 'urls[2]', error: 'must be an address, as text' },
      { verdict: 'malicious' },
    ]);
  });

  it('refuses the request where none can be read, or the only one', async () => {
    const refusal = { code: 'RECORD_INVALID' };
    await expect(scoreMany(['mailto:ann@shop.example', ''])).rejects.toMatchObject(refusal);
    await expect(scoreOne('10.0.0.0/8')).rejects.toMatchObject(refusal);
  });
});
