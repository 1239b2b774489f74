import { ecsItem, isEcs } from './ecs-record.js';
import { eveItem, isEveEvent } from './eve.js';
import { isObject, type Json, valueAt } from './json-object.js';
import { parseJsonText } from './json-text-line.js';
import type { LineItem } from './one-way.js';
import { zeekItem } from './zeek-record.js';

/** Objects within one another that are looked into, and members of each. */
const [deepest, mostMembers] = [4, 50];

/**
 * What a record holds, whichever sensor it is from and however a shipper wrapped it: an entry of Zeek's logs, an event of
 * Suricata, a document of the Elastic Common Schema; or one of these as a member of a record, as an object or as JSON
 * text, whatever the member is called (`_source`, `message`, `conn`, `log`, …).
 * @param mended gets a sentence for each value that was not taken as it stands
 * @returns null where there is none of them
 * @throws FlowFault for a flow that is damaged
 */
export function recordItem(record: Json, line: number, mended?: string[], depth = 1): LineItem | null {
  if (isEveEvent(record)) return eveItem(record, line, mended);
  const zeeks = zeekItem(record, line, mended);
  if (zeeks) return zeeks;
  if (depth > deepest) return null;
  const members = [valueAt(record, 'event.original'), ...Object.values(record).slice(0, mostMembers)];
  const within = (inner: unknown): LineItem | null =>
    isObject(inner) ? recordItem(inner, line, mended, depth + 1) : null;
  // The original, where a shipper keeps it, says more than what was made of it.
  return (
    firstOf(members, (member) => within(typeof member === 'string' ? parseJsonText(member) : null)) ??
    (isEcs(record) ? ecsItem(record, line, mended) : null) ??
    firstOf(members, within)
  );
}

function firstOf<T>(members: readonly unknown[], find: (member: unknown) => T | null): T | null {
  for (const member of members) {
    const found = find(member);
    if (found !== null) return found;
  }
  return null;
}
