import { isUrlFault, parseUrl } from './canonical-url.js';
import { ownNetwork } from './own-network.js';

function kindOf(text: string): string | null {
  const url = parseUrl(text);
  if (isUrlFault(url)) throw new Error(`${text}: ${url.message}`);
  const found = ownNetwork(url);
  return found && `${found.isOwn ? 'own' : 'nobody’s'}, ${found.text}`;
}

describe('a host that nobody on the internet can have', () => {
  it.each([
    ['127.0.0.1', 'own, is the machine itself'],
    ['http://0.0.0.0:8080/', 'own, is the machine itself'],
    ['http://[::1]:8080/health', 'own, is the machine itself'],
    ['localhost:3000/a', 'own, is the machine itself'],
    ['app.localhost', 'own, is the machine itself'],
    ['10.255.255.255', 'own, is a private address'],
    ['172.31.0.1/admin', 'own, is a private address'],
    ['http://192.168.1.1/', 'own, is a private address'],
    ['http://[fd12:3456::1]/', 'own, is a private address'],
    ['http://[::ffff:192.168.1.1]/', 'own, is a private address'],
    ['169.254.169.254/latest/meta-data', 'own, is a link-local address, of the same cable or radio'],
    ['fe80::1%eth0', 'own, is a link-local address, of the same cable or radio'],
    ['100.64.0.1', 'own, is an address within a provider’s network'],
    ['239.255.255.250:1900', 'own, is a multicast address, of a group in the same network'],
    ['ff02::1', 'own, is a multicast address, of a group in the same network'],
    ['255.255.255.255', 'own, is the broadcast address of the same network'],
    ['203.0.113.9/x', 'nobody’s, is an address for documentation'],
    ['http://[2001:db8::7]/', 'nobody’s, is an address for documentation'],
    ['198.19.0.1', 'nobody’s, is an address for measurements'],
    ['240.0.0.1', 'nobody’s, is a reserved address'],
    ['http://intranet/wiki', 'own, is a name without a dot, which only private networks have'],
    ['printer.local', 'own, is a name under .local, which only private networks have'],
    ['git.corp', 'own, is a name under .corp, which only private networks have'],
    ['router.home.arpa', 'own, is a name under .home.arpa, which only private networks have'],
    ['metadata.google.internal', 'own, is a name under .internal, which only private networks have'],
    ['shop.test', 'nobody’s, is a name for tests'],
    ['shop.invalid', 'nobody’s, is a name that is never given to anybody'],
  ])('%s: %s', (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });
});

describe('a host on the internet', () => {
  it.each([
    ...[
      '126.255.255.255',
      '128.0.0.1',
      '9.255.255.255',
      '11.0.0.0',
      '172.15.0.1',
      '172.32.0.1',
      '192.167.0.1',
    ],
    ...[
      '192.169.0.1',
      '100.63.0.1',
      '100.128.0.1',
      '169.253.0.1',
      '203.0.112.1',
      '198.17.0.1',
      '223.255.255.255',
    ],
    ...['http://[2001:4860:4860::8888]/', 'http://[2001:db9::1]/', 'http://[fb00::1]/', '192.0.1.1'],
    ...[
      'local.example',
      'localhost.example.com',
      '10.0.0.1.example.com',
      'home.arpa.example',
      'in-addr.arpa',
      'ai',
    ],
    ...['internal.com', 'mycorp.com', 'shop.example'],
  ])('%s', (text) => {
    expect(kindOf(text)).toBeNull();
  });
});
