import { tinyContract, tinySource } from '../detector/fixtures/tiny-contract.js';
import { sameFeatures, sameHoldout, unseenBy } from './holdout.js';

const [ip, duration, protocol] = tinySource.features;

describe('the test rows of two contracts', () => {
  it('are the same under the same features, groups and hold-out, whatever else differs', () => {
    const other = tinyContract({ title: 'Another', selection: 'f1', calibration: 'none' });
    expect(sameHoldout(tinyContract(), other)).toBe(true);
  });

  it.each([
    ['other groups', { group: ['protocol'] }],
    ['another share', { split: { test: 0.3, folds: 3, seed: 1 } }],
    ['another seed', { split: { test: 0.25, folds: 3, seed: 2 } }],
  ])('are others under %s, although the features are the same', (_, changes) => {
    const other = tinyContract(changes);
    expect([sameHoldout(tinyContract(), other), sameFeatures(tinyContract(), other)]).toEqual([false, true]);
  });

  it.each([
    ['fewer features', [ip, duration]],
    ['another order', [duration, ip, protocol]],
    ['other categories', [ip, duration, { ...protocol, values: { udp: 'over UDP', tcp: 'over TCP' } }]],
  ])('are others under %s', (_, features) => {
    const other = tinyContract({ features });
    expect([sameHoldout(tinyContract(), other), sameFeatures(tinyContract(), other)]).toEqual([false, false]);
  });
});

describe('the test rows that a model has not seen', () => {
  const split = { test: Int32Array.of(2, 3, 4), groups: Int32Array.of(0, 1, 1, 2, 2) };

  it('are all where groups are held out', () => {
    expect(unseenBy({}, {}, split)).toEqual(split.test);
  });

  it('are by time those of groups that began after the model’s cut', () => {
    const times = Float64Array.of(0, 10, 20, 30, 40);
    expect(unseenBy({ testFrom: 15 }, { times }, split)).toEqual(Int32Array.of(3, 4));
    expect(unseenBy({ testFrom: 10 }, { times }, split)).toEqual(split.test);
    expect(unseenBy({ testFrom: 35 }, { times }, split)).toEqual(new Int32Array(0));
  });

  it('are none by time of a model that does not say where its data was cut', () => {
    expect(unseenBy({}, { times: new Float64Array(5) }, split)).toHaveLength(0);
  });
});
