import { digestOfSecret, formatKey, hasDigest, newKey, parseKey } from './key-text.js';

const text = 'nw_0123456789ab_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-_';

describe('the text of a key', () => {
  it('holds an id and a secret', () => {
    expect(parseKey(text)).toEqual({
      id: '0123456789ab',
      secret: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-_',
    });
    expect(formatKey(parseKey(text)!)).toBe(text);
  });

  it.each([
    '',
    'nw_',
    text.slice(0, -1),
    `${text}A`,
    `${text}\n`,
    text.toUpperCase(),
    text.replace('nw', 'xx'),
  ])('is not %j', (damaged) => {
    expect(parseKey(damaged)).toBeNull();
  });

  it('is never the same twice, and can be read back', () => {
    const keys = Array.from({ length: 100 }, newKey);
    expect(new Set(keys.map(({ id }) => id)).size).toBe(100);
    expect(new Set(keys.map(({ secret }) => secret)).size).toBe(100);
    for (const key of keys) expect(parseKey(formatKey(key))).toEqual(key);
  });
});

describe('the digest of a secret', () => {
  it('is its sha256', () => {
    expect(digestOfSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('fits that secret alone', () => {
    expect(hasDigest('abc', digestOfSecret('abc'))).toBe(true);
    expect(hasDigest('abd', digestOfSecret('abc'))).toBe(false);
  });
});
