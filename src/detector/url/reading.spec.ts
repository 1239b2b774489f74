import { readAddress } from './canonical-url.js';
import { NgramHasher } from './ngrams.js';
import { type Reading, readingOf } from './reading.js';
import { urlFacts } from './url-facts.js';
import { featurizeUrl, urlFeatures } from './url-features.js';

function read(text: string): Reading {
  return readingOf(readAddress(text));
}

describe('an address as a person reads it', () => {
  it.each([
    ['https://www.xn--bcher-kva.example/', 'bucher.example', 'bucher.example', ''],
    ['https://łódź.pl/', 'lodz.pl', 'lodz.pl', ''],
    ['https://почта.президент.рф/', 'почта.президент.рф', 'президент.рф', 'почта'],
    ['https://日本語.jp/', '日本語.jp', '日本語.jp', ''],
    ['https://삼성전자.한국/', '삼성전자.한국', '삼성전자.한국', ''],
    ['https://a.b.co.uk/', 'a.b.co.uk', 'b.co.uk', 'a'],
    ['https://d1a2b3c4d5e6f7.cloudfront.net/', '\x06.cloudfront.net', '\x06.cloudfront.net', ''],
    ['https://4f3c2b1a9d8e.cdn.example/', '\x06.cdn.example', 'cdn.example', '\x06'],
    // What someone registered is read as it is.
    ['https://d1a2b3c4d5e6f7.com/', 'd1a2b3c4d5e6f7.com', 'd1a2b3c4d5e6f7.com', ''],
    ['http://127.0.0.1/', '127.0.0.1', '127.0.0.1', ''],
  ])('%s has the host %j', (text, host, domain, subdomain) => {
    expect(read(text)).toMatchObject({ host, domain, subdomain });
  });

  it.each([
    ['a.example/wiki/%D0%A0%D0%BE%D1%81%D1%81%D0%B8%D1%8F', '/wiki/россия', 0],
    ['a.example/actualit%C3%A9/%E6%97%A5%E6%9C%AC', '/actualite/日本', 0],
    ['a.example/Signal%20Computing.pdf', '/signal computing.pdf', 0],
    ['a.example/?q=%C4%E3%BA', '?q=\ufffd\ufffd', 0],
    ['a.example/?u=b%26c&n=1#%C3%BCber', '?u=b%26c&n=1#uber', 1],
    ['a.example/#a?b', '#a?b', 0],
    ['a.example/x/9b218989bc47?t=pl4lcao7kl#1bk9icvr331', '/x/\x06?t=\x07#\x07', 0],
  ])('%s has behind it %j', (text, tail, escapes) => {
    const reading = read(text);
    expect(reading).toMatchObject({ tail, escapes });
    const { path, query, fragment } = reading;
    expect(tail).toBe(path + (query && `?${query}`) + (fragment && `#${fragment}`));
  });
});

describe('an international address', () => {
  const hasher = new NgramHasher({ bits: 16 });

  function view(text: string): unknown {
    const facts = urlFacts(readAddress(text));
    const out = new Float64Array(urlFeatures.length);
    featurizeUrl(facts, out);
    return [
      Object.fromEntries(urlFeatures.map(({ name }, i) => [name, out[i]])),
      hasher.indices.slice(0, hasher.hash(facts.reading)),
    ];
  }

  it.each([
    ['https://www.düsseldorf.de/rathaus', 'https://www.dusseldorf.de/rathaus'],
    ['https://müller-bäckerei.de/', 'https://muller-backerei.de/'],
    ['https://www.mañana.es/%C3%A1rbol?q=ni%C3%B1o', 'https://www.manana.es/arbol?q=nino'],
    ['https://õigekeel.ee/', 'https://oigekeel.ee/'],
    ['https://żółw.pl/kultura', 'https://zolw.pl/kultura'],
    ['https://søndag.dk/nyheder/bl%C3%A5b%C3%A6r', 'https://sondag.dk/nyheder/blabaer'],
  ])('%s is to learners what %s is', (international, ascii) => {
    expect(view(international)).toEqual(view(ascii));
  });

  it.each([
    'https://президент.рф/news',
    'https://日本語.jp/',
    'https://ไทยรัฐ.ไทย/',
    'https://αθήνα.gr/',
    'https://وزارة.sa/',
  ])('%s looks neither random, nor misspelt, nor mixed', (text) => {
    const [features] = view(text) as [Record<string, number>];
    expect(features).toMatchObject({
      confusableLetters: 0,
      hasMixedScripts: 0,
      brandMisspelt: 0,
      brandConfusable: 0,
      hostDigits: 0,
      hostHyphens: 0,
      hostConsonantRun: 0,
    });
    expect(features.hostVowelShare).toBeCloseTo(0.4, 12);
    expect(features.hostLikelihood === 0 || features.hostLikelihood > -4).toBe(true);
  });
});
