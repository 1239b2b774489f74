import { nearestName } from './nearest-name.js';

const known = ['having_IP_Address', 'URL_Length', 'port', 'Result'];

describe('nearestName', () => {
  it.each([
    ['url length', 'URL_Length'],
    ['UrlLenght', 'URL_Length'],
    ['resutl', 'Result'],
    ['prt', 'port'],
    ['having-ip-adress', 'having_IP_Address'],
  ])('finds what %s was meant to be', (name, expected) => {
    expect(nearestName(name, known)).toBe(expected);
  });

  it.each(['', 'x', 'pt', 'duration', 'source_port_number'])('finds nothing near %j', (name) => {
    expect(nearestName(name, known)).toBeNull();
  });

  it('prefers the nearer name, then the first listed', () => {
    expect(nearestName('flowa', ['flows', 'flowa2', 'FLOW_A'])).toBe('FLOW_A');
    expect(nearestName('flow', ['flox', 'flop'])).toBe('flox');
  });

  it('counts a swap of neighbours as one edit', () => {
    expect(nearestName('abc', ['acb'])).toBe('acb');
    expect(nearestName('abc', ['cab'])).toBeNull();
  });
});
