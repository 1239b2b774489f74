import fc from 'fast-check';
import { type CanonicalUrl, isUrlFault, parseUrl } from './canonical-url.js';
import { NgramHasher } from './ngrams.js';
import { readingOf } from './reading.js';
import { urlFacts } from './url-facts.js';
import { featurizeUrl, urlFeatures } from './url-features.js';

function read(text: string): CanonicalUrl {
  const url = parseUrl(text);
  if (isUrlFault(url)) throw new Error(`${JSON.stringify(text)}: ${url.message}`);
  return url;
}

function values(text: string): Float64Array {
  const out = new Float64Array(urlFeatures.length);
  featurizeUrl(urlFacts(read(text)), out);
  return out;
}

function named(text: string): Record<string, number> {
  const all = values(text);
  return Object.fromEntries(urlFeatures.map((feature, i) => [feature.name, all[i]]));
}

describe('the features of a URL', () => {
  it('have names of their own, and meanings', () => {
    expect(new Set(urlFeatures.map((feature) => feature.name)).size).toBe(urlFeatures.length);
    expect(urlFeatures.filter((feature) => feature.meaning === '')).toEqual([]);
    expect(urlFeatures.length).toBeGreaterThanOrEqual(60);
  });

  it('are written where they are wanted', () => {
    const out = new Float64Array(urlFeatures.length + 2).fill(-7);
    featurizeUrl(urlFacts(read('example.com/a')), out, 1);
    expect([out[0], out.at(-1)]).toEqual([-7, -7]);
    expect(out.slice(1, -1)).toEqual(values('example.com/a'));
  });

  it('measure a host', () => {
    expect(named('http://a1b.mail-24.shop-99000x.co.uk/')).toMatchObject({
      hostLength: 29,
      domainLabelLength: 11,
      longestHostLabel: 11,
      subdomainLabels: 2,
      subdomainLength: 11,
      hostDigits: 8,
      hostDigitRun: 5,
      domainDigits: 5,
      hostHyphens: 2,
      domainHyphens: 1,
      hostSwitches: 3,
      suffixIsCountry: 1,
      suffixIsGeneric: 0,
      pathLength: 0,
      queryLength: 0,
      tailLength: 0,
    });
  });

  it('count words of trust apart, where they stand and how', () => {
    expect(named('http://login.secure-bank.example/account/loginpage/verify?token=update')).toMatchObject({
      hostWords: 3,
      subdomainWordHits: 1,
      domainWordHits: 2,
      pathWords: 3,
      pathWordHits: 3,
      tailWordTokens: 4,
      queryWords: 2,
      queryWordHits: 2,
      plainTailWords: 5,
    });
  });

  it('see the folders and the random names of pages that were broken into a site', () => {
    expect(named('http://example.org/wp-content/themes/images/a1b2c3d4/x9.php')).toMatchObject({
      isSystemFolder: 1,
      folderWords: 3,
      pathHexes: 1,
      longestPathIdentifier: 8,
      longestPathWord: 10,
      lastSegmentLength: 6,
      extensionIsPhp: 1,
      extensionIsScript: 0,
    });
  });

  it('see what documents, feeds and maps have in their paths', () => {
    expect(named('http://example.org/wp-content/uploads/2014/05/report-1.2.3.pdf')).toMatchObject({
      isSystemFolder: 0,
      isUpload: 1,
      pathHasDate: 1,
      pathHasVersion: 1,
    });
    expect(named('http://gis.example/arcgis/rest/services/Roads/MapServer/0').interfaceWords).toBe(3);
    expect(
      named(
        'http://example.org/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/42e62bc8-cfe8-4f66-9e89-decffff56f23',
      ),
    ).toMatchObject({ pathUuids: 1, pathKeys: 1, pathDigits: 0, pathHasDate: 0, longestPathIdentifier: 44 });
  });

  it.each([
    ['https://en.wikipedia.org/wiki/Zeek', 1],
    ['https://www.paypal.com/signin', 1],
    ['https://sites.google.com/view/x', 0],
    ['https://someone.blogspot.com/', 0],
    ['https://wikipedia.org.evil.example/', 0],
    ['https://wikipedia.example/', 0],
    ['https://www.berkeley.edu/~someone/', 0],
    ['https://people.stanford.edu/someone/', 0],
  ])('know %s as widely known: %d', (text, known) => {
    expect(named(text).isKnownDomain).toBe(known);
  });

  it('measure path, query and fragment', () => {
    expect(
      named(
        'http://example.com/~ann/wp-content/a--b_c/20190412/paypal.com/login.php?next=http://x.example&t=ab12cd34ef56ab78#a@b.c',
      ),
    ).toMatchObject({
      pathLength: 53,
      pathDepth: 6,
      longestSegment: 10,
      pathDigits: 8,
      pathDigitRun: 8,
      pathHyphens: 3,
      pathUnderscores: 1,
      pathDots: 2,
      pathWords: 1,
      pathHasHost: 1,
      pathHasTilde: 1,
      isSystemFolder: 1,
      extensionIsPhp: 1,
      extensionIsPage: 0,
      queryParameters: 2,
      longestName: 4,
      longestValue: 16,
      queryIdentifiers: 1,
      longestQueryIdentifier: 16,
      queryHasAddress: 1,
      hasRedirect: 1,
      fragmentLength: 5,
      fragmentHasEmail: 1,
      brandInTail: 1,
    });
  });

  it.each([
    ['http://0x7f.1/', { hostIsIpv4: 1, ipObfuscated: 1, suffixIsGeneric: 0, hostLikelihood: 0 }],
    ['http://[::1]/', { hostIsIpv6: 1, ipObfuscated: 0 }],
    ['http://intranet/', { hostIsSingleLabel: 1, hostIsIpv4: 0 }],
    ['http://a.b@evil.example:4444/', { hasUserinfo: 1, userinfoIsHost: 1, hasPort: 1, portIsHigh: 1 }],
    ['http://example.com:8080/', { hasPort: 1, portIsHigh: 0, hasUserinfo: 0 }],
    ['http://some.school.edu', { suffixIsReserved: 1 }],
    ['http://tax.service.gov.uk', { suffixIsReserved: 1, suffixIsCountry: 0 }],
    ['http://example.xyz', { suffixIsNew: 1, suffixIsAbused: 1 }],
    ['http://example.tk', { suffixIsCountry: 1, suffixIsAbused: 1 }],
    ['http://bit.ly/abc', { isShortener: 1, isFreeHosting: 0 }],
    ['http://someone.github.io/', { isFreeHosting: 1, hasPrivateSuffix: 1 }],
    ['http://someone.000webhostapp.com/', { isFreeHosting: 1 }],
    ['http://box.duckdns.org/', { isDynamicName: 1 }],
    ['https://docs.google.com/forms/d/x', { isSharedContent: 1, isBrandDomain: 0 }],
    ['http://paypal.com.secure.evil.example/', { feignedEnds: 1, brandInSubdomain: 1, hostWords: 1 }],
    ['http://аррӏе.com', { confusableLetters: 5, hasMixedScripts: 0 }],
    ['http://pаypal.com', { confusableLetters: 1, hasMixedScripts: 1, brandConfusable: 1 }],
    ['http://example.com\\a%2541', { hasBackslash: 1, isDoubleEncoded: 1, hasInvisible: 0 }],
    ['http://exa\tmple.com', { hasInvisible: 1 }],
  ])('know %j', (text, expected) => {
    expect(named(text)).toMatchObject(expected);
  });

  it('tell random letters from words', () => {
    const readable = named('http://greengarden.example').domainLikelihood;
    const random = named('http://xqzvkjwtpf.example').domainLikelihood;
    expect(readable).toBeGreaterThan(-4.2);
    expect(random).toBeLessThan(-5.5);
  });
});

const hasher = new NgramHasher({ bits: 16 });

/** What learners see: features and n-grams. */
function view(text: string): unknown {
  const distinct = hasher.hash(readingOf(read(text)));
  return [values(text), hasher.indices.slice(0, distinct)];
}

describe('learners do not see', () => {
  const words = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
  const hosts = fc.array(words, { minLength: 1, maxLength: 3 }).map((labels) => `${labels.join('.')}.com`);
  const paths = fc
    .array(words, { maxLength: 4 })
    .map((segments) => segments.map((segment) => `/${segment}`).join(''));
  const addresses = fc
    .tuple(hosts, paths, fc.constantFrom('', '?a=1&b=c', '#top'))
    .map((parts) => parts.join(''))
    .filter((text) => !text.startsWith('www.'));

  it.each([
    ['the scheme http', (text: string) => `http://${text}`],
    ['the scheme https', (text: string) => `https://${text}`],
    ['www.', (text: string) => `www.${text}`],
    ['both', (text: string) => `https://www.${text}`],
    ['a slash at the end', (text: string) => `${text}/`],
    ['case', (text: string) => text.toUpperCase()],
    ['the default port', (text: string) => text.replace('.com', '.com:443')],
    ['a dot behind the host', (text: string) => text.replace('.com', '.com.')],
  ])('%s', (_what, change) => {
    fc.assert(
      fc.property(addresses, (text) => expect(view(change(text))).toEqual(view(text))),
      { numRuns: 60, seed: 4 },
    );
  });

  it('a mark without a fragment or a query', () => {
    expect(view('http://example.com/a?#')).toEqual(view('example.com/a'));
  });
});
