import { readAddress } from './canonical-url.js';
import { type UrlFacts, urlFacts } from './url-facts.js';
import { urlFeatures } from './url-features.js';
import { describeReasonGroup, describeUrlReason, reasonGroups } from './url-reasons.js';

function read(text: string): UrlFacts {
  return urlFacts(readAddress(text));
}

describe('a reason', () => {
  it.each([
    ['http://0x7f000001/', 'address', 'the address is a bare IP (written as 0x7f000001)'],
    ['http://10.0.0.1/', 'address', 'the address is a bare IP'],
    ['http://a123456789012.example/', 'host-digits', '12 digits in a row in the host'],
    [
      'http://paypa1.com/',
      'brand-look-alike',
      'the host imitates paypal.com with letters that look alike (paypa1)',
    ],
    ['http://paypl.com/', 'brand-look-alike', 'the host imitates paypal.com, 1 letter off (paypl)'],
    ['http://example.com/', 'brand-look-alike', 'the host looks like no known brand’s'],
    ['http://paypal.com.evil.xyz/', 'brand-in-host', 'the host imitates paypal.com but belongs to evil.xyz'],
    ['http://paypal.xyz/', 'brand-in-host', 'paypal.xyz has the name of paypal.com but is not its domain'],
    ['http://paypal.xyz/', 'suffix', '.xyz is a suffix that is often abused'],
    ['http://a@evil.example/', 'userinfo', '"a@" stands in front of the real host evil.example'],
    ['http://bit.ly/x', 'hosting', 'bit.ly shortens addresses: it does not show where it leads'],
    ['http://xqzvkjwtpf.example/', 'host-letters', 'the letters of the host look random (xqzvkjwtpf)'],
    ['http://example.com/a.exe', 'extension', 'the path ends like a program (.exe)'],
    ['http://example.com/?u=http://b.example', 'query-target', 'the query holds another address'],
    ['https://www.paypal.com/', 'brand-owner', 'paypal.com belongs to PayPal'],
    ['https://arstechnica.com/', 'brand-owner', 'arstechnica.com belongs to Ars Technica'],
    [
      'https://docs.google.com/forms/d/1',
      'brand-owner',
      'google.com is widely known, but anyone may have pages there',
    ],
    ['http://pаypal.com/', 'foreign-letters', 'the host mixes letters of several scripts (pаypal.com)'],
  ] as const)('of %s for %s', (text, group, sentence) => {
    expect(describeReasonGroup(group, read(text))).toBe(sentence);
  });

  it('has words for every feature, and the same for its group', () => {
    for (const text of [
      'example.com',
      'http://a.b@xn--80ak6aa92e.tk:99/a/b.php?q=http://c.example/&e=a@b.c#d',
    ]) {
      urlFeatures.forEach((feature, index) => {
        const sentence = describeUrlReason(index, read(text));
        expect(sentence).toBe(describeReasonGroup(feature.group, read(text)));
        expect(sentence).not.toMatch(/undefined|NaN|^$/);
      });
    }
  });

  it('belongs to a group that is listed once', () => {
    expect(new Set(reasonGroups).size).toBe(reasonGroups.length);
    expect(urlFeatures.every((feature) => reasonGroups.includes(feature.group))).toBe(true);
  });
});
