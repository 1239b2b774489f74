import { isSameOwner, ownerOf, owners } from './owners.js';

describe('the owner of a domain', () => {
  it.each([
    ['microsoft.com', 'Microsoft'],
    ['sharepointonline.com', 'Microsoft'],
    ['mcas.ms', 'Microsoft'],
    ['googleadservices.com', 'Google'],
    ['googlevideo.com', 'Google'],
    ['facebookmail.com', 'Meta'],
    ['mailchi.mp', 'Mailchimp'],
    ['paypal.com', 'PayPal'],
    ['google.pt', 'Google'],
    ['ebay.lu', 'eBay'],
  ])('is known for %s: %s', (domain, owner) => {
    expect(ownerOf(domain)?.toLowerCase()).toBe(owner.toLowerCase());
  });

  it.each(['paypal-login.example', 'paypal.tk', 'localhost', '', 'tenant.github.io', '10.0.0.1'])(
    'is not known for %s',
    (domain) => {
      expect(ownerOf(domain)).toBeUndefined();
    },
  );

  it.each(['paypa1.com', 'gogle.com', 'paypal-login.com', 'facebok.com', 'goolge.com'])(
    'is not taken from a domain that guards against typing errors: %s',
    (domain) => {
      expect(ownerOf(domain)).toBeUndefined();
    },
  );

  it.each([
    ['instagram.com', 'facebook.com'],
    ['youtube.com', 'google.com'],
    ['live.com', 'office.com'],
    ['amazon.de', 'amazon.co.uk'],
    ['stranger.example', 'stranger.example'],
  ])('is the same for %s and %s', (a, b) => {
    expect(isSameOwner(a, b)).toBe(true);
    expect(isSameOwner(b, a)).toBe(true);
  });

  it.each([
    ['google.com', 'microsoft.com'],
    ['google.com', 'stranger.example'],
    ['one.example', 'two.example'],
    ['yahoo.com', 'verizon.com'],
  ])('differs between %s and %s', (a, b) => {
    expect(isSameOwner(a, b)).toBe(false);
    expect(isSameOwner(b, a)).toBe(false);
  });

  it('is one for each domain', () => {
    const domains = owners().flatMap((owner) => owner.domains);
    expect(new Set(domains).size).toBe(domains.length);
  });
});
