import fc from 'fast-check';
import { findIdentifiers, maskIdentifiers } from './identifiers.js';

function found(text: string): string[] {
  const all: string[] = [];
  findIdentifiers(text, (kind, from, to) => all.push(`${kind} ${text.slice(from, to)}`));
  return all;
}

describe('an identifier is found', () => {
  it.each([
    ['/dataset/42e62bc8-cfe8-4f66-9e89-decffff56f23/x', 'uuid 42e62bc8-cfe8-4f66-9e89-decffff56f23'],
    ['/commit/be49089f2d1c0a7e5b3948d7c6a5f4e3d2c1b0a9', 'hex be49089f2d1c0a7e5b3948d7c6a5f4e3d2c1b0a9'],
    ['/files/0efb20_1e4a561665494d9f963657c8b883e85f.zip', 'hex 1e4a561665494d9f963657c8b883e85f'],
    ['/track/4cok2wgletkbw3pvgpwqt', 'key 4cok2wgletkbw3pvgpwqt'],
    [
      '/document/d/1bximvs0xra5nfmdkvbdbzjgmuuqptlbs74ogve2upms/edit',
      'key 1bximvs0xra5nfmdkvbdbzjgmuuqptlbs74ogve2upms',
    ],
    ['/d/e/2pacx-1vq3w9kz_tz8l7hq2c/pub', 'key 2pacx-1vq3w9kz_tz8l7hq2c'],
    ['?id=aeinmfddnniiloadoappmdnffcbffnjg', 'key aeinmfddnniiloadoappmdnffcbffnjg'],
  ])('in %s', (text, identifier) => {
    expect(found(text)).toEqual([identifier]);
  });

  it.each([
    '/a-title-of-some-words-492837',
    '/2023-12-24-gottesdienste',
    '/pruefziffernberechnung/donaudampfschifffahrtsgesellschaft',
    '/windows-x86_64-portable-15.0.20.exe',
    '/covid19-ecmascript2020-utf8',
    '/wp-content/uploads/2014/05/licence_ouverte.pdf',
    '/20251130/123456789',
    '/rzeczpospolita-wszechstronnych',
    '/facade/decade/deadbeef',
  ])('in no word, number or date: %s', (text) => {
    expect(found(text)).toEqual([]);
  });
});

it('leaves a mark in place of an identifier and says of which kinds they were', () => {
  const { text, identifiers } = maskIdentifiers(
    '/a/42e62bc8-cfe8-4f66-9e89-decffff56f23/9b218989bc47.zip?v=pl4lcao7kl',
  );
  expect(text).toBe('/a/\x06/\x06.zip?v=\x07');
  expect(identifiers).toEqual({ uuids: 1, hexes: 1, keys: 1, longest: 36 });
});

it('masks the same text to the same, and no more of it', () => {
  const texts = fc.stringMatching(/^[a-z0-9_./=-]{0,60}$/);
  fc.assert(
    fc.property(texts, (text) => {
      const once = maskIdentifiers(text).text;
      expect(maskIdentifiers(once)).toMatchObject({ text: once, identifiers: { uuids: 0, hexes: 0 } });
      const ends: number[] = [0];
      findIdentifiers(text, (_kind, from, to) => {
        expect(from).toBeGreaterThanOrEqual(ends[ends.length - 1]);
        expect(to - from).toBeGreaterThanOrEqual(8);
        ends.push(to);
      });
    }),
    { seed: 5 },
  );
});
