import { hideUserinfo } from './hide-userinfo.js';

describe('the userinfo of an address', () => {
  it.each([
    ['http://ann:s3cret@example.com/login?x=1#y', 'http://***@example.com/login?x=1#y'],
    ['//ann:s3cret@example.com', '//***@example.com'],
    ['ann:s3cret@example.com:8080/a', '//***@example.com:8080/a'],
    ['https://ann:p@ss@example.com/a@b', 'https://***@example.com/a@b'],
    ['hxxp[:]//ann:s3cret@example[.]com/', 'http://***@example.com'],
    ['http:\\\\ann:s3cret@example.com', 'http://***@example.com'],
    [' \thttp://ann:s3\ncret@example.com', 'http://***@example.com'],
    ['http://@example.com', 'http://***@example.com'],
    ['javascript:ann:s3cret@example.com', '***@example.com'],
    ['http://ann:s3cret@', '***@'],
    ['https://href.li/?http://ann:s3cret@example.com/', '//href.li/***'],
    ['https://example.com/login?next=http%3A%2F%2Fann%3As3cret%40example.org%2F', '//example.com/***'],
  ])('is hidden in %j', (text, shown) => expect(hideUserinfo(text)).toBe(shown));

  it.each([
    'example.com/@ann',
    'https://example.com/a?mail=ann@example.org',
    'https://example.com/#@ann',
    'HTTP://Example.com/',
  ])('is nowhere in %s, which stays as it is', (text) => expect(hideUserinfo(text)).toBe(text));
});
