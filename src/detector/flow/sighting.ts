import type { Contact } from './contact.js';
import type { Flow } from './flow.js';
import type { Key } from './flow-hash.js';
import type { Direction } from './local-networks.js';

/** A flow between two hosts with what is worked out of it once, for all that is looked for. */
export interface Sighting {
  readonly flow: Flow;
  readonly from: string;
  readonly to: string;
  /** When it was over. */
  readonly at: number;
  readonly source: Key;
  readonly target: Key;
  /** Of both. */
  readonly pair: Key;
  /** As `serviceOf` says. */
  readonly service: number;
  readonly contact: Contact;
  readonly direction: Direction;
}
