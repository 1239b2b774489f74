import { isUrlFault, parseUrl } from './canonical-url.js';
import { OwnBrands } from './own-brands.js';

const brands = new OwnBrands([
  { name: 'Acme Bank', domains: ['acme.example', 'acmebank.com', 'acme.okta-host.com'] },
  { name: 'Zürcher Käse', domains: ['zuercherkaese.ch'] },
]);

function found(text: string): { part: string; text: string; isLure: boolean } | null {
  const url = parseUrl(text);
  if (isUrlFault(url)) throw new Error(url.message);
  return brands.imitatedBy(url);
}

describe('an address with a name of an own brand', () => {
  it.each([
    'https://acmebank.com/login',
    'https://www.acme.example/',
    'https://login.acme.okta-host.com/signin',
    'https://news.com/2026/acme-bank-opens-a-branch',
    'https://pacmedia.com/',
    'https://bank.com/acme',
    'https://embankment.org/',
    'https://sign-in.com/sso?return=https%3A%2F%2Facmebank.com%2Flogin',
  ])('is no imitation where it is its own, or an ordinary one: %s', (text) => expect(found(text)).toBeNull());

  it.each([
    ['https://acmebank.shop/', 'acmebank', false],
    ['https://acmebank-login.net/', 'acmebank', true],
    ['https://acme-bank.net/account/verify', 'acmebank', true],
    ['https://acmebank.com.evil-kit.net/', 'acmebank', true],
    ['https://theacmebanknow.net/', 'acmebank', false],
    ['https://acme.net/', 'acme', false],
    ['https://acrnebank.net/', 'acrnebank', true],
    ['https://acmeb4nk.net/', 'acmeb4nk', true],
    ['https://xn--cmebank-1fg.net/', '\u0430cmebank', true],
    ['https://acmebannk.net/', 'acmebannk', false],
    ['https://acmebank.com@evil-kit.net/', 'acmebank', true],
    ['https://zurcherkase.com/', 'zurcherkase', false],
    ['https://evil-kit.net/acmebank/login.php', 'acmebank', false],
  ])('is an imitation where somebody else has it: %s', (text, part, isLure) => {
    expect(found(text)).toMatchObject({ part, isLure });
  });

  it('is explained by the brand and where that lives', () => {
    expect(found('https://acmebank-login.net/')?.text).toBe(
      'the host has the name of your brand Acme Bank (acmebank), which is at home at acme.example, acmebank.com, acme.okta-host.com',
    );
    expect(found('https://acmebannk.net/')?.text).toMatch(
      /^acmebannk is a letter or two away from acmebank, the name of your brand Acme Bank, which/,
    );
  });
});
