import { tinyContract, tinySource } from './fixtures/tiny-contract.js';
import { withSpellingsOf } from './reading-contract.js';
import { bindColumns } from './tabular/columns.js';

describe('the contract that a version is read with', () => {
  const [first, ...others] = tinySource.features;
  const own = tinyContract();
  const read = withSpellingsOf(
    own,
    tinyContract({
      features: [{ ...first, aliases: ['UsingIP'], meaning: 'another' }, ...others],
      label: { ...tinySource.label, column: 'kind', threat: ['bad'], benign: ['good'] },
      missing: ['none'],
    }),
  );

  it('has the spellings of today', () => {
    const columns = ['using ip', 'duration', 'protocol', 'kind'];
    expect(bindColumns(read, columns, { label: 'required', ignoreColumns: [] })).toMatchObject({
      columns: [0, 1, 2],
      label: 3,
    });
    expect([read.label.threat, read.missing]).toEqual([['bad'], ['none']]);
  });

  it('has the features of its own', () => {
    const plain = read.features.map((feature, i) => ({ ...feature, aliases: own.features[i].aliases }));
    expect(plain).toEqual(own.features);
    const narrower = tinyContract({ features: tinySource.features.slice(0, 2) });
    expect(withSpellingsOf(own, narrower).features).toHaveLength(3);
  });
});
