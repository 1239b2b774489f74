import { RequestInvalidError } from '../common/errors.js';
import { versionQuery } from './version-filter.js';

describe('the filter of versions', () => {
  const noon = new Date('2026-03-01T12:00:00Z');
  const night = new Date('2026-03-02T00:00:00Z');

  it.each([
    ['nothing', {}, {}],
    ['a lower limit of a metric', { metric: 'rocAuc', min: 0.98 }, { 'metrics.rocAuc': { $gte: 0.98 } }],
    [
      'both limits of a metric, 0 among them',
      { metric: 'brier', min: 0, max: 0.1 },
      { 'metrics.brier': { $gte: 0, $lte: 0.1 } },
    ],
    ['a tag’s key', { tag: 'team' }, { tags: { $elemMatch: { key: 'team' } } }],
    ['a tag', { tag: 'link:http://x' }, { tags: { $elemMatch: { key: 'link', value: 'http://x' } } }],
    ['an empty tag', { tag: 'team:' }, { tags: { $elemMatch: { key: 'team', value: '' } } }],
    ['a time', { from: noon, to: night }, { createdAt: { $gte: noon, $lt: night } }],
    ['an end', { to: night }, { createdAt: { $lt: night } }],
    ['a candidate', { candidate: 'forest' }, { candidate: 'forest' }],
  ] as const)('asks for %s', (_, filter, expected) => {
    expect(versionQuery('tiny', filter)).toEqual({ detector: 'tiny', ...expected });
  });

  it.each([{ metric: 'rocAuc' }, { min: 0 }, { max: 0.1 }] as const)('refuses half a limit: %j', (filter) => {
    expect(() => versionQuery('tiny', filter)).toThrow(RequestInvalidError);
  });
});
