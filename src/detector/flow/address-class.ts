/** Where an address lies; `group` is multicast, broadcast and the unspecified address. */
export type AddressClass = 'private' | 'group' | 'public';

/**
 * The class of an IPv4 or IPv6 address by the special-purpose registries of RFC 6890, as far as hosts live there;
 * `public` for what it does not know.
 */
export function addressClass(address: string): AddressClass {
  return address.includes(':') ? classOfV6(address.toLowerCase()) : classOfV4(address);
}

function classOfV4(address: string): AddressClass {
  const first = parseInt(address, 10);
  if (first >= 224 || first === 0) return 'group';
  if (first === 10 || first === 127) return 'private';
  if (first !== 192 && first !== 172 && first !== 169 && first !== 100) return 'public';
  const second = parseInt(address.slice(address.indexOf('.') + 1), 10);
  const isPrivate =
    (first === 192 && second === 168) ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second < 128);
  return isPrivate ? 'private' : 'public';
}

function classOfV6(address: string): AddressClass {
  if (address.startsWith('::ffff:') && address.includes('.')) return classOfV4(address.slice(7));
  if (address === '::' || address.startsWith('ff')) return 'group';
  return address === '::1' || /^f(?:[cd]|e[89ab])/.test(address) ? 'private' : 'public';
}
