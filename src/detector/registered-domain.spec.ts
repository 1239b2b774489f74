import { registeredDomain } from './registered-domain.js';

describe('the registered domain', () => {
  it.each([
    ['https://login.example.com/a?b=c#d', 'example.com'],
    ['HTTP://User:pw@WWW.Example.COM:8080/', 'example.com'],
    ['example.com', 'example.com'],
    ['a.b.c.example.org.', 'example.org'],
    ['mail.example.org:25', 'example.org'],
    ['http://192.168.10.1/login', '192.168.10.1'],
    ['10.0.0.1', '10.0.0.1'],
    ['localhost', 'localhost'],
  ])('of %s is %s', (text, domain) => {
    expect(registeredDomain(text)).toBe(domain);
  });

  it('brings together what one registrant has, and keeps others apart', () => {
    expect(registeredDomain('http://a.shop.example/x')).toBe(registeredDomain('https://b.shop.example'));
    expect(registeredDomain('http://shop-a.example')).not.toBe(registeredDomain('http://shop-b.example'));
  });

  it.each(['', 'not a host', 'http://', 'a b.example'])('%j has none', (text) => {
    expect(registeredDomain(text)).toBeNull();
  });
});
