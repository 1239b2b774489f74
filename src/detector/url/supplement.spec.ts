import type { LabelledRecord } from '../kind.js';
import { isUrlFault, parseUrl } from './canonical-url.js';
import { findBrands } from './brand-imitation.js';
import { missingHomePages } from './home-pages.js';
import { knownAddresses } from './known-addresses.js';
import { isKnownDomain } from './known-domains.js';
import { madeImitations } from './made-imitations.js';
import { UrlKind } from './url-kind.js';

const record = (url: string, label: 0 | 1, source = 0): LabelledRecord => ({ values: [url], label, source });

describe('home pages beside the records', () => {
  it('are those of benign hosts that have none, one a source', async () => {
    const rows = await missingHomePages([
      record('http://www.a.example/x', 0),
      record('https://a.example/y?z', 0),
      record('http://b.example/x', 1),
      record('http://c.example/x', 0),
      record('http://c.example/', 1),
      record('http://mail.d.example:8080/x', 0),
      record('http://a.example/x', 0, 1),
    ]);
    expect(rows).toEqual([
      { values: ['a.example'], label: 0, source: 0 },
      { values: ['mail.d.example'], label: 0, source: 0 },
      { values: ['a.example'], label: 0, source: 1 },
    ]);
  });
});

describe('addresses of widely known domains', () => {
  it('are always the same, none twice, and of such domains', () => {
    const made = knownAddresses();
    expect(made).toEqual(knownAddresses());
    expect(new Set(made).size).toBe(made.length);
    const domains = made.map((address) => {
      const url = parseUrl(address);
      return isUrlFault(url) ? address : url.registeredDomain;
    });
    expect(domains.filter((domain) => !isKnownDomain(domain))).toEqual([]);
    expect(made.filter((address) => /login|signin|password/.test(address)).length).toBeGreaterThan(1000);
  });
});

describe('imitations of brands', () => {
  it('are always the same, none twice, readable, and none on a domain of the brand', () => {
    const made = madeImitations();
    expect(made).toEqual(madeImitations());
    expect(new Set(made).size).toBe(made.length);
    const own = made.filter((address) => {
      const url = parseUrl(address);
      return isUrlFault(url) || findBrands(url).owner !== undefined;
    });
    expect(own).toEqual([]);
    expect(made.length).toBeGreaterThan(1500);
  });
});

it('a contract that asks for no supplement gets none', async () => {
  expect(await new UrlKind({}).supplement([record('http://a.example/x', 0)])).toEqual([]);
});
