import { nextTurn } from '../../common/turns.js';
import type { LabelledRecord, SupplementRow } from '../kind.js';
import { Random } from '../../ml/random.js';
import { textKey } from '../../ml/text-key.js';
import { ordinaryTail, pick } from './address-tails.js';
import { urlItemOf } from './url-item.js';
import { ordinaryWords } from './words.js';

/** Rows read before others get a turn of the event loop. */
const rowsATurn = 500;

/**
 * The bare host of each benign address, where its source has no record of it. Published collections hold home pages in
 * one class only, the one or the other, and learners take a missing path for a sign of it.
 */
export async function missingHomePages(records: readonly LabelledRecord[]): Promise<SupplementRow[]> {
  const bare = new Set<string>();
  const wanted = new Map<string, SupplementRow>();
  for (const [i, { values, label, source }] of records.entries()) {
    const { bareHost, tail } = urlItemOf(String(values[0])).url;
    const key = `${source} ${bareHost}`;
    if (tail === '') bare.add(key);
    else if (label === 0 && bareHost !== '' && !wanted.has(key))
      wanted.set(key, { values: [bareHost], label, source });
    if (i % rowsATurn === rowsATurn - 1) await nextTurn();
  }
  return [...wanted].flatMap(([key, row]) => (bare.has(key) ? [] : [row]));
}

/**
 * A page made up on the host of each benign record, once a host, laid out as anyone lays out theirs. Collections of good
 * addresses are of few kinds each, and what is common elsewhere (a way to sign in, an upload, an identifier) would be a
 * sign of phishing, which uses it, too. Beside them a few on hosts made of ordinary words.
 */
export async function ordinaryPages(records: readonly LabelledRecord[]): Promise<string[]> {
  const hosts = new Set<string>();
  for (const [i, { values, label }] of records.entries()) {
    if (label === 0) hosts.add(urlItemOf(String(values[0])).url.bareHost);
    if (i % rowsATurn === rowsATurn - 1) await nextTurn();
  }
  // What leads to no host has none.
  hosts.delete('');
  const named = hosts.size === 0 ? [] : ordinaryNames(Math.ceil(hosts.size * shareOfNames));
  return [...hosts, ...named].map((host) => host + ordinaryTail(new Random(textKey(host))));
}

/** Beside as many hosts of records. */
const shareOfNames = 0.2;

/** Under which collections of good addresses have few names, and those of bad ones many. */
const suffixes = (
  'com com net org info biz online shop site store xyz space club top live app dev blog cafe studio tech website fun ' +
  'co.uk de fr es it pl nl ru com.br com.mx com.ar co cl in co.in co.id com.my co.za com.tr ro cz hu gr pt se ua com.ua vn'
).split(' ');

/** Hosts of ordinary words, the same ones for the same count: what small owners under any suffix call theirs. */
function ordinaryNames(count: number): string[] {
  const random = new Random(count);
  return Array.from({ length: count }, () => {
    const words = Array.from({ length: 1 + random.below(3) }, () => pick(ordinaryWords, random));
    return `${words.join(random.below(3) === 0 ? '-' : '')}.${pick(suffixes, random)}`;
  });
}
