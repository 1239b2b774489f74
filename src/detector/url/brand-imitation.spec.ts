import { findBrands } from './brand-imitation.js';
import { brands } from './brands.js';
import { isUrlFault, parseUrl, readAddress } from './canonical-url.js';
import { owners } from './owners.js';

/** What was found, by name. */
function find(text: string): Record<string, string | number> {
  const url = parseUrl(text);
  if (isUrlFault(url)) throw new Error(`${text}: ${url.message}`);
  const { misspeltBy, owner, ...places } = findBrands(url);
  const found = Object.entries(places).flatMap(([place, brand]) =>
    typeof brand === 'number' && brand >= 0 ? [[place, brands()[brand].name] as const] : [],
  );
  return {
    ...(owner !== undefined && { owner: owner.name }),
    ...Object.fromEntries(found),
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
    ['http://royal-mail-redelivery.example/', { inDomain: 'royalmail' }],
    ['http://schwxwab.com/', { misspelt: 'schwab', misspeltBy: 2 }],
    ['http://telezgram.org/', { misspelt: 'telegram', misspeltBy: 1 }],
    ['http://login.microsoftonlinr.com/', { inDomain: 'microsoft' }],
    ['http://steamcomunnity.example/', { misspelt: 'steamcommunity', misspeltBy: 2 }],
    ['http://id.auth-orico.com/', { inDomain: 'orico' }],
    ['http://ins-accounthelp.com/meta-verified', { inTail: 'meta' }],
    ['http://appleid-locked.example/', { inDomain: 'appleid' }],
    ['http://chase-login.example/', { inDomain: 'chase' }],
    ['http://chaseonline.example/', { inDomain: 'chase' }],
    ['http://sparkasse-kundenservice-tan.example/', { inDomain: 'sparkasse' }],
    ['http://volksbank-login.de/', { inDomain: 'volksbank' }],
    ['http://facebook-support.vercel.app/', { inDomain: 'facebook' }],
    ['http://paypa1.com/', { confusable: 'paypal' }],
    ['http://arnazon.com/', { confusable: 'amazon' }],
    ['http://micr0s0ft-support.com/', { confusable: 'microsoft' }],
    ['http://faceb00k.login.example/', { confusable: 'facebook' }],
    ['http://vvhatsapp.com/', { confusable: 'whatsapp' }],
    ['http://pаypal.com/', { confusable: 'paypal' }],
    ['http://аррӏе.com/', { confusable: 'apple' }],
    ['http://päypal.com/', { confusable: 'paypal' }],
    ['http://evil.example/www.paypal.com/login', { inTail: 'paypal' }],
    ['http://evil.example/tracking?to=dhl', { inTail: 'dhl' }],
    ['http://paypal.com@evil.example/', { inUserinfo: 'paypal' }],
  ])('are found in %s', (text, found) => {
    expect(find(text)).toEqual(found);
  });

  it.each([
    ['https://www.paypal.com/signin', { owner: 'PayPal' }],
    ['https://www.google.de/', { owner: 'Google' }],
    ['https://signin.ebay.co.uk/', { owner: 'eBay' }],
    ['https://login.microsoftonline.com/common', { owner: 'Microsoft' }],
    ['https://outlook.live.com/mail', { owner: 'Microsoft' }],
    ['https://www.axosbank.com/', { owner: 'Axos' }],
    ['https://www.deutschebahn.com/', { owner: 'Deutschebahn' }],
    ['https://www.nytimes.com/2024/technology/paypal-login', { owner: 'Nytimes' }],
    ['https://www.gmail.com/google', { owner: 'Google' }],
  ])('are at home at %s', (text, found) => {
    expect(find(text)).toEqual(found);
  });

  it('do not own their name where names are had for the asking', () => {
    expect(find('http://paypal.tk/')).toEqual({ registered: 'paypal' });
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
    'https://melcloud.example/',
    'https://www.pcloud.example/',
    'https://www.frankfurter-volksbank.de/',
    'https://www.sparkasse-bremen.de/',
    'https://www.raiffeisenbank-ried.at/',
    'https://transit.example/google_transit/google_transit.zip',
    'https://shop.example/?utm_source=facebook',
    'https://shop.example/oauth/google',
    'https://chase-photography.example/',
    'https://orange.example/',
    'https://revolutionsoccer.example/',
    'http://10.0.0.1/',
  ])('are not seen in %s', (text) => {
    expect(find(text)).toEqual({});
  });

  it('never find a look-alike on a domain of their own', () => {
    for (const owner of owners()) {
      for (const domain of owner.domains) {
        if (readAddress(domain).privateSuffix) continue;
        const found = find(`https://www.${domain}/`);
        expect({ domain, owner: found.owner, places: Object.keys(found).length }).toEqual({
          domain,
          owner: owner.name,
          places: 1,
        });
      }
    }
  });

  it('have names of their own', () => {
    expect(new Set(brands().map((brand) => brand.name)).size).toBe(brands().length);
  });
});
