import { readFileSync } from 'node:fs';
import { textKey } from '../../ml/text-key.js';
import { readAddress } from './canonical-url.js';
import { hostingKind } from './hosting.js';
import { isKnownDomain } from './known-domains.js';
import { ownerOf } from './owners.js';

/** The registered domains that the shipped baseline was trained on: 32 bits of each one's key, rising. */
const bytes = readFileSync('models/url/trained-domains.bin');
const trained = new Set(Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(4 * i)));

function domainsOf(list: string): string[] {
  const texts = readFileSync(`test/fixtures/urls/${list}.txt`, 'utf8').trim().split('\n');
  return texts.map((text) => readAddress(text).registeredDomain);
}

describe('the acceptance lists of addresses', () => {
  it.each(['legitimate', 'imitations'])(
    'hold none of a domain that the baseline was trained on (%s)',
    (list) => {
      expect(domainsOf(list).filter((domain) => trained.has(textKey(domain) % 2 ** 32))).toEqual([]);
    },
  );

  it('hold no legitimate address of a domain that the features know by name', () => {
    const isKnown = (domain: string): boolean =>
      isKnownDomain(domain) || ownerOf(domain) !== undefined || hostingKind(domain) !== 'own';
    const domains = domainsOf('legitimate');
    expect(domains.filter(isKnown)).toEqual([]);
    expect(new Set(domains).size).toBeGreaterThan(300);
  });

  it('are compared with what training saw', () => {
    expect(trained.size).toBeGreaterThan(50_000);
    expect(trained.has(textKey('gbfs-that-nobody-pushed.example') % 2 ** 32)).toBe(false);
  });
});
