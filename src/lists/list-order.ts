import type { ListEntry, ListName, MatchKind } from './list-entry.schema.js';
import { readListLine } from './list-line.js';
import { type Covered, findingScopes, listEntryId, type ListValue, readListValue } from './list-value.js';

/** A decision that someone asks for. */
export interface ListOrder {
  readonly list: ListName;
  /** What the value is; read from the value itself when absent. */
  readonly match?: MatchKind;
  readonly value: string;
  /** The remark behind the value when absent. */
  readonly note?: string;
  readonly expiresAt?: Date;
  /** Whether an entry of the other list gives way. */
  readonly replace?: boolean;
  /** Whether the parameters of an address may come in any order. */
  readonly anyOrder?: boolean;
  /** The kind of finding that it is about; all that the hosts do when absent. */
  readonly finding?: string;
  /** Registered domains of a brand. */
  readonly domains?: readonly string[];
}

/** An entry as an order makes it, without who and when. */
export type OrderedEntry = Pick<
  ListEntry,
  '_id' | 'list' | 'match' | 'value' | 'anyOrder' | 'finding' | 'domains' | 'note' | 'expiresAt'
>;

export interface OrderFault {
  /** The member of the order. */
  readonly path: string;
  readonly message: string;
}

export type ReadOrder =
  | { readonly entries: readonly OrderedEntry[] }
  | { readonly leftOut: string }
  | { readonly fault: OrderFault };

/** The entries that an order comes to: several of a range of addresses or a line of a hosts file. */
export function readOrder(order: ListOrder): ReadOrder {
  const read = readCovered(order);
  if (!('covers' in read)) return read;
  const { list = order.list, note } = read;
  for (const { match } of read.covers) {
    const fault = faultOf({ ...order, list }, match);
    if (fault) return { fault };
  }
  const { anyOrder = false, finding = null, domains = [], expiresAt = null } = order;
  const entries = read.covers.map(({ match, value }): OrderedEntry => ({
    _id: listEntryId({ list, match, value, finding }),
    ...{ list, match, value, anyOrder, finding, expiresAt },
    domains: domains.map((domain) => (readOwnDomain(domain) as Covered).value),
    note: order.note ?? note,
  }));
  return { entries };
}

/** What a value covers, before the rest of its order is looked at. */
type ReadCovered =
  | { readonly covers: readonly Covered[]; readonly note: string; readonly list?: ListName }
  | { readonly leftOut: string }
  | { readonly fault: OrderFault };

export function readCovered({
  list,
  match = list === 'brand' ? 'brand' : undefined,
  value,
}: Pick<ListOrder, 'match' | 'value'> & { readonly list?: ListName }): ReadCovered {
  if (match === undefined) {
    const read = readListLine(value);
    return 'message' in read ? { fault: { path: 'value', message: read.message } } : read;
  }
  const read = readListValue(match, value);
  if ('message' in read) return { fault: { path: 'value', message: read.message } };
  return { covers: [read], note: '' };
}

const ofFlows: readonly MatchKind[] = ['host', 'network', 'pair', 'service'];

function faultOf(order: ListOrder, match: MatchKind): OrderFault | null {
  const { list, anyOrder, finding, domains, expiresAt } = order;
  if ((match === 'brand') !== (list === 'brand')) {
    return { path: 'match', message: 'brand is what the list brand has, and nothing else has it' };
  }
  if (expiresAt && expiresAt.getTime() <= Date.now()) {
    return { path: 'expiresAt', message: 'must be in the future' };
  }
  if (anyOrder && match !== 'url')
    return { path: 'anyOrder', message: 'is of entries for one address (url)' };
  if (list === 'suppress' && !expiresAt) {
    const message =
      'is missing: alerts are kept back for a time; what is harmless for good goes on the allow list';
    return { path: 'expiresAt', message };
  }
  if (list === 'deny' && match === 'finding') {
    return { path: 'list', message: 'is deny; kinds of findings can be allowed or suppressed' };
  }
  return (finding === undefined ? null : findingFault(order, finding, match)) ?? domainsFault(list, domains);
}

function findingFault({ list }: ListOrder, finding: string, match: MatchKind): OrderFault | null {
  if (!findingScopes.includes(finding)) {
    return { path: 'finding', message: `is no kind of finding; there are ${findingScopes.join(', ')}` };
  }
  const isMeant = ofFlows.includes(match) && (list === 'allow' || list === 'suppress');
  return isMeant
    ? null
    : { path: 'finding', message: `narrows what is allowed or suppressed of ${ofFlows.join(', ')}` };
}

function domainsFault(list: ListName, domains: readonly string[] = []): OrderFault | null {
  if (list !== 'brand') {
    return domains.length > 0 ? { path: 'domains', message: 'are of entries of the list brand' } : null;
  }
  if (domains.length === 0) return { path: 'domains', message: 'must name at least one domain of your own' };
  for (const [i, domain] of domains.entries()) {
    const read = readOwnDomain(domain);
    if ('message' in read) return { path: `domains[${i}]`, message: read.message };
  }
  return null;
}

/** A registered domain, or a host at somebody else's that is one's own: all below it is, too. */
function readOwnDomain(text: string): ListValue {
  const domain = readListValue('domain', text);
  if (!('message' in domain)) return domain;
  const read = readListLine(text);
  const covered = 'covers' in read && read.covers.length === 1 ? read.covers[0] : null;
  const isHost = covered?.match === 'host' && /[a-z]/.test(covered.value) && covered.value.includes('.');
  return isHost ? covered : domain;
}
