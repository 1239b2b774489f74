import type { Contract } from '../detector/contract.js';
import type { Value } from '../detector/tabular/cells.js';
import { isUrlFault, parseUrl } from '../detector/url/canonical-url.js';
import type { ListEntry } from '../lists/list-entry.schema.js';
import type { ListsService } from '../lists/lists.service.js';
import type { VerdictDto } from './prediction.dto.js';

/**
 * Lets an entry of the allow or the deny list have the last word on an address. The probability stays the model's, so
 * that both can be seen.
 */
export function decide(
  lists: Pick<ListsService, 'find' | 'isEmpty'>,
  { kind }: Pick<Contract, 'kind'>,
  [text]: readonly Value[],
  verdict: VerdictDto,
): VerdictDto {
  if (kind !== 'url' || lists.isEmpty) return verdict;
  const url = parseUrl(String(text));
  const entry = isUrlFault(url) ? null : lists.find(url);
  return entry ? decided(verdict, entry) : verdict;
}

function decided(verdict: VerdictDto, { _id, list, match, value, note, expiresAt }: ListEntry): VerdictDto {
  const because = note === '' ? '' : ` (${note})`;
  const text = `the ${match} ${value} is on the ${list} list${because}: decides by itself`;
  return {
    ...verdict,
    verdict: list === 'allow' ? 'benign' : 'malicious',
    reasons: [{ feature: 'list', value, contribution: null, text }, ...verdict.reasons],
    list: { entry: _id, list, match, value, note, expiresAt },
  };
}
