import fc from 'fast-check';
import { resolve } from 'node:path';
import { projectRoot } from '../config/project-root.js';
import { loadContracts } from '../detector/contracts.service.js';
import { urlItemOf } from '../detector/url/url-item.js';
import { reasonGroups } from '../detector/url/url-reasons.js';
import { urlFeatures } from '../detector/url/url-features.js';
import { reasonsOf } from './reasons.js';
import type { VerdictReason } from './verdict.js';

const contract = loadContracts(resolve(projectRoot, 'schema')).get('url')!;
const flagged =
  'http://0x5b5cf312:8090/wp-admin/secure/a1b2c3d4e5f6/login.php?next=http://b.example&id=42#a@b.example';

function reasons(
  address: string,
  groups: readonly number[],
  ngrams: number,
  isFlagged: boolean,
): VerdictReason[] {
  const values = Float64Array.from(urlFeatures, ({ group }) => groups[reasonGroups.indexOf(group)] ?? 0);
  const features = new Float64Array(urlFeatures.length);
  return reasonsOf(
    contract,
    { item: urlItemOf(address), features, contributions: { base: 0, values, ngrams } },
    isFlagged,
  );
}

describe('the reasons that are shown', () => {
  const numbers = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
    minLength: reasonGroups.length,
    maxLength: reasonGroups.length,
  });

  it('are five at most: an address in hiding, what moved the score to its verdict, the rest, the spelling', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.double({ min: 1, max: 9, noNaN: true }),
        fc.boolean(),
        (groups, ngrams, isFlagged) => {
          const shown = reasons(flagged, groups, ngrams, isFlagged);
          expect(shown.length).toBeLessThanOrEqual(5);
          expect(shown[0].feature).toBe('address');
          expect(shown.at(-1)!.feature).toBe('spelling');
          const sign = isFlagged ? 1 : -1;
          const order = shown.slice(1, -1).map(({ contribution }) => contribution! * sign);
          expect(order).toEqual([...order].sort((a, b) => (a > 0 || b > 0 ? b - a : a - b)));
        },
      ),
      { seed: 7, numRuns: 100 },
    );
  });

  it('say of a plain name that nothing in it speaks, in no direction', () => {
    expect(reasons('smithbrothers.com', [], 0, false)).toEqual([
      {
        feature: 'text',
        value: null,
        contribution: 0,
        text: 'nothing in the bare name smithbrothers.com speaks for or against it',
      },
    ]);
  });
});
