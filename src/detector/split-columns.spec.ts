import { contractSchema, splitColumns } from './contract.js';
import { tinyContract, tinySource } from './fixtures/tiny-contract.js';

const byTime = { ...tinySource.split, time: 'seen_at' };

describe("a contract's split columns", () => {
  it('are none where it groups by features', () => {
    expect(splitColumns(tinyContract())).toEqual([]);
    expect(splitColumns(tinyContract({ group: ['duration', 'protocol'] }))).toEqual([]);
  });

  it('are the one it groups by and the one that holds the time', () => {
    expect(splitColumns(tinyContract({ group: { column: 'capture' } }))).toEqual([
      { name: 'capture', holds: 'group', path: ['group', 'column'] },
    ]);
    expect(splitColumns(tinyContract({ group: { registeredDomain: 'url' }, split: byTime }))).toEqual([
      { name: 'url', holds: 'host', path: ['group', 'registeredDomain'] },
      { name: 'seen_at', holds: 'time', path: ['split', 'time'] },
    ]);
  });

  it.each([
    ['a feature', { group: { column: 'DURATION' } }, 'group.column', "'DURATION' is taken by features.1"],
    ["the label's alias", { split: { ...byTime, time: 'class' } }, 'split.time', "'class' is taken by label"],
    [
      'one another',
      { group: { column: 'seen_at' }, split: byTime },
      'split.time',
      "'seen_at' is taken by group.column",
    ],
    [
      'a group of no known kind',
      { group: { host: 'url' } },
      'group',
      "must be 'features', a list of features",
    ],
  ])('are not %s', (_, changes, path, message) => {
    const result = contractSchema.safeParse({ ...tinySource, ...changes });
    expect(result.error!.issues.map((issue) => [issue.path.join('.'), issue.message])).toEqual([
      [path, expect.stringContaining(message)],
    ]);
  });

  it('leave what a contract without them says as it was', () => {
    expect(JSON.stringify(tinyContract().split)).toBe('{"test":0.25,"folds":3,"seed":1}');
  });
});
