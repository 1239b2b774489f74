import type { CanonicalUrl } from '../../detector/url/canonical-url.js';
import type { HeldEntry } from '../../lists/held-entry.js';
import type { ListName } from '../../lists/list-entry.schema.js';
import { type LabelledPrediction, ListConflicts } from './list-conflicts.js';

const entryOf = (list: ListName, value: string): HeldEntry => ({
  _id: `${list} ${value}`,
  list,
  match: 'domain',
  value,
  note: '',
  author: 'ann',
  createdAt: new Date(0),
  expiresAt: null,
  anyOrder: false,
  finding: null,
  domains: [],
});
const entries = [entryOf('allow', 'ours.example'), entryOf('deny', 'theirs.example')];
const lists = {
  find: ({ registeredDomain }: CanonicalUrl): HeldEntry | null =>
    entries.find(({ value }) => value === registeredDomain) ?? null,
};

let made = 0;
function prediction(url: string, label: 0 | 1): LabelledPrediction {
  made++;
  return {
    _id: `p${made}`,
    values: [url],
    feedback: { label, at: new Date(made * 1000), by: 'ben', note: null },
  };
}

describe('entries that feedback speaks against', () => {
  it('are listed with what shows it, most first', () => {
    const conflicts = new ListConflicts(lists);
    for (const [url, label] of [
      ['http://theirs.example/a', 0],
      ['http://a.ours.example/1', 1],
      ['http://b.ours.example/2', 1],
      ['http://ours.example/3', 0],
      ['http://ours.example/4', 1],
      ['http://ours.example/5', 1],
      ['http://elsewhere.example/', 1],
    ] as const)
      conflicts.add(prediction(url, label));
    expect(conflicts.examined).toBe(7);
    expect(
      conflicts
        .report()
        .map(({ entry, against, bornOut, examples }) => [
          entry._id,
          against,
          bornOut,
          examples.map(({ url }) => url),
        ]),
    ).toEqual([
      [
        'allow ours.example',
        4,
        1,
        ['http://ours.example/5', 'http://ours.example/4', 'http://b.ours.example/2'],
      ],
      ['deny theirs.example', 1, 0, ['http://theirs.example/a']],
    ]);
  });

  it('are none where feedback bears all of them out', () => {
    const conflicts = new ListConflicts(lists);
    conflicts.add(prediction('http://ours.example/', 0));
    conflicts.add(prediction('http://theirs.example/', 1));
    expect(conflicts.report()).toEqual([]);
  });
});
