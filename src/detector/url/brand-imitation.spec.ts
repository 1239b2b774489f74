import { findBrands } from './brand-imitation.js';
import { brands } from './brands.js';
import { isUrlFault, parseUrl } from './canonical-url.js';

/** What was found, by name. */
function find(text: string): Record<string, string | number> {
  const url = parseUrl(text);
  if (isUrlFault(url)) throw new Error(`${text}: ${url.message}`);
  const { misspeltBy, ...places } = findBrands(url);
  const found = Object.entries(places).filter(([, brand]) => brand >= 0);
  return {
    ...Object.fromEntries(found.map(([place, brand]) => [place, brands[brand].name])),
    ...(misspeltBy && { misspeltBy }),
  };
}

describe('brands', () => {
  it.each([
    ['http://paypal.xyz/', { registered: 'paypal' }],
    ['http://paypal-login.com/', { inDomain: 'paypal' }],
    ['http://securepaypaluser.com/', { inDomain: 'paypal' }],
    ['http://paypal.com.evil.example/', { inSubdomain: 'paypal' }],
    ['http://dhl.parcel.example/', { inSubdomain: 'dhl' }],
    ['http://paypall.com/', { inDomain: 'paypal' }],
    ['http://paypl.com/', { misspelt: 'paypal', misspeltBy: 1 }],
    ['http://papyal.com/', { misspelt: 'paypal', misspeltBy: 1 }],
    ['http://secure-netflx.example/', { misspelt: 'netflix', misspeltBy: 1 }],
    ['http://bankofamrica.example/', { misspelt: 'bankofamerica', misspeltBy: 1 }],
    ['http://welsfarqo.example/', { misspelt: 'wellsfargo', misspeltBy: 2 }],
    ['http://pay-pal.example/', { misspelt: 'paypal', misspeltBy: 1 }],
    ['http://paypa1.com/', { confusable: 'paypal' }],
    ['http://arnazon.com/', { confusable: 'amazon' }],
    ['http://micr0s0ft-support.com/', { confusable: 'microsoft' }],
    ['http://faceb00k.login.example/', { confusable: 'facebook' }],
    ['http://vvhatsapp.com/', { confusable: 'whatsapp' }],
    ['http://pаypal.com/', { confusable: 'paypal' }],
    ['http://аррӏе.com/', { confusable: 'apple' }],
    ['http://päypal.com/', { confusable: 'paypal' }],
    ['http://evil.example/www.paypal.com/login', { inTail: 'paypal' }],
    ['http://evil.example/?to=dhl', { inTail: 'dhl' }],
    ['http://paypal.com@evil.example/', { inUserinfo: 'paypal' }],
  ])('are found in %s', (text, found) => {
    expect(find(text)).toEqual(found);
  });

  it.each([
    ['https://www.paypal.com/signin', { owner: 'paypal' }],
    ['https://www.google.de/', { owner: 'google' }],
    ['https://signin.ebay.co.uk/', { owner: 'ebay' }],
    ['https://login.microsoftonline.com/common', { owner: 'microsoft' }],
    ['https://outlook.live.com/mail', { owner: 'microsoft' }],
    ['https://www.gmail.com/google', { owner: 'google' }],
  ])('are at home at %s', (text, found) => {
    expect(find(text)).toEqual(found);
  });

  it('do not own their name where names are had for the asking', () => {
    expect(find('http://google.tk/')).toEqual({ registered: 'google' });
  });

  it.each([
    'https://www.snapple.com/',
    'https://purchase.example/',
    'https://phase.com/',
    'https://groups.example.org/',
    'https://email.example.com/',
    'https://www.adhlx.example/',
    'https://campusbank.example/',
    'https://gis.example/',
    'https://webchat.example/',
    'https://foretrade.example/',
    'http://10.0.0.1/',
  ])('are not seen in %s', (text) => {
    expect(find(text)).toEqual({});
  });

  it('never find a look-alike on a domain of their own', () => {
    for (const brand of brands) {
      for (const domain of brand.domains) {
        const found = find(`https://www.${domain}/`);
        expect({ domain, owner: 'owner' in found, places: Object.keys(found).length }).toEqual({
          domain,
          owner: true,
          places: 1,
        });
      }
    }
  });

  it('have names of their own', () => {
    expect(new Set(brands.map((brand) => brand.name)).size).toBe(brands.length);
  });
});
