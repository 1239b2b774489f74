import { hideUserinfo } from '../detector/url/hide-userinfo.js';
import type { Caller } from './caller.js';
import { covers } from './roles.js';

/** An address as its reader may see it: whole for who may send addresses to be scored, else without userinfo. */
export function addressFor<T>({ role }: Pick<Caller, 'role'>, address: T): T | string {
  return typeof address !== 'string' || covers(role, 'scorer') ? address : hideUserinfo(address);
}
