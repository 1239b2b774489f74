import { longestRedirectName, redirectNames } from './redirect-names.js';

/** What a query holds. */
export interface QueryShape {
  readonly parameters: number;
  readonly longestValue: number;
  readonly longestName: number;
  /** Values that look like base64 or hexadecimal data of 16 characters or more. */
  readonly encodedValues: number;
  readonly hasAddress: boolean;
  readonly hasEmail: boolean;
  /** A parameter whose name says that it tells where to go on to. */
  readonly hasRedirect: boolean;
}

const nothing: QueryShape = {
  parameters: 0,
  longestValue: 0,
  longestName: 0,
  encodedValues: 0,
  hasAddress: false,
  hasEmail: false,
  hasRedirect: false,
};

const equalsSign = 0x3d;
const ampersand = 0x26;

/** @param query in lower case, without its `?`; of any length, in linear time */
export function readQuery(query: string): QueryShape {
  if (query === '') return nothing;
  let parameters = 0;
  let longestValue = 0;
  let longestName = 0;
  let encodedValues = 0;
  let hasRedirect = false;
  let from = 0;
  let equals = -1;
  for (let at = 0; at <= query.length; at++) {
    const code = query.charCodeAt(at);
    if (code === equalsSign && equals < 0) equals = at;
    if (at < query.length && code !== ampersand) continue;
    const nameEnd = equals < 0 ? at : equals;
    if (at > from) parameters++;
    if (nameEnd - from > longestName) longestName = nameEnd - from;
    if (at - nameEnd - 1 > longestValue) longestValue = at - nameEnd - 1;
    if (isEncoded(query, nameEnd + 1, at)) encodedValues++;
    if (nameEnd - from <= longestRedirectName && redirectNames.has(query.slice(from, nameEnd)))
      hasRedirect = true;
    from = at + 1;
    equals = -1;
  }
  const hasAddress = /:\/\/|(?:=|%2f%2f)www\./.test(query);
  const hasEmail = query.includes('@') && /[a-z0-9_-]@[a-z0-9-]{1,63}\./.test(query);
  return { parameters, longestValue, longestName, encodedValues, hasAddress, hasEmail, hasRedirect };
}

const shortestEncoded = 16;

/** Letters and digits, mixed, with at most the other marks of base64 and its padding. */
function isEncoded(text: string, from: number, to: number): boolean {
  if (to - from < shortestEncoded) return false;
  let digits = 0;
  let letters = 0;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x30 && code <= 0x39) digits++;
    else if (code >= 0x61 && code <= 0x7a) letters++;
    else if (code !== 0x3d && code !== 0x2b && code !== 0x2f && code !== 0x2d && code !== 0x5f) return false;
  }
  return digits > 1 && letters > 1;
}
