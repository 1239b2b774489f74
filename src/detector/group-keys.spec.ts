import { Matrix } from '../ml/matrix.js';
import { groupsOf } from '../ml/splits.js';
import { tinyContract } from './fixtures/tiny-contract.js';
import { groupKeyOf, groupKeys } from './group-keys.js';

const x = Matrix.fromRows([
  [1, 5, 0],
  [1, 5, 1],
  [1, 7, 1],
  [1, 5, 0],
]);

describe('group keys', () => {
  it('are the features, or some of them', () => {
    expect([...groupsOf(groupKeys(tinyContract(), { x }))]).toEqual([0, 1, 2, 0]);
    const some = groupKeys(tinyContract({ group: ['protocol', 'having_IP'] }), { x });
    expect(some.columns).toBe(2);
    expect([...groupsOf(some)]).toEqual([0, 1, 1, 0]);
  });

  it('are those of a column, whatever the features', () => {
    const contract = tinyContract({ group: { column: 'capture' } });
    const keys = Float64Array.from(['a', 'b', 'a', 'A'], (text) => groupKeyOf(contract, text));
    expect([...groupsOf(groupKeys(contract, { x, groupKeys: keys }))]).toEqual([0, 1, 0, 2]);
    expect(() => groupKeys(contract, { x })).toThrow('lack the column');
  });

  it("are those of a URL's registered domain", () => {
    const contract = tinyContract({ group: { registeredDomain: 'url' } });
    const urls = ['http://a.example.com/1', 'https://B.example.com', 'example.org', 'http://10.0.0.1/'];
    const keys = Float64Array.from(urls, (text) => groupKeyOf(contract, text));
    expect([...groupsOf(groupKeys(contract, { x, groupKeys: keys }))]).toEqual([0, 0, 1, 2]);
  });
});
