import { NearNames } from './near-names.js';
import type { OwnedName } from './owners.js';

const plain = {
  isNational: false,
  isWord: false,
  isShared: false,
  isPart: false,
  isMinor: false,
  isFurther: false,
};
const names: readonly OwnedName[] = [
  { ...plain, name: 'paypal' },
  { ...plain, name: 'schwab' },
  { ...plain, name: 'bankofamerica' },
  { ...plain, name: 'target', isWord: true },
  { ...plain, name: 'telegram', isWord: true },
  { ...plain, name: 'fitbod', isMinor: true },
  { ...plain, name: 'carbonite', isMinor: true },
];

describe('the name that a text comes near', () => {
  const near = new NearNames(names);

  it.each([
    ['paypall', 'paypal', 1],
    ['paypl', 'paypal', 1],
    ['papyal', 'paypal', 1],
    ['apypal', 'paypal', 1],
    ['ppaypal', 'paypal', 1],
    ['bankofamrica', 'bankofamerica', 1],
    ['bankofamreicas', 'bankofamerica', 2],
    ['schwxwab', 'schwab', 2],
    ['telezgram', 'telegram', 1],
    ['carbonitte', 'carbonite', 1],
  ])('of %s is %s, %d off', (text, name, distance) => {
    const [place, off] = near.find(text);
    expect([names[place]?.name, off]).toEqual([name, distance]);
  });

  it.each(['paypool', 'targets', 'telezgrams', 'fitbot', 'carbonated', 'schwabian', 'xx', 'a'.repeat(60)])(
    'of %s is none',
    (text) => {
      expect(near.find(text)).toEqual([-1, 0]);
    },
  );
});
