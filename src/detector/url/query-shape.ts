import { longestRedirectName, redirectNames } from './redirect-names.js';

/** What a query holds. */
export interface QueryShape {
  readonly parameters: number;
  readonly longestValue: number;
  readonly longestName: number;
  readonly hasAddress: boolean;
  readonly hasEmail: boolean;
  /** A parameter whose name says that it tells where to go on to. */
  readonly hasRedirect: boolean;
}

const nothing: QueryShape = {
  parameters: 0,
  longestValue: 0,
  longestName: 0,
  hasAddress: false,
  hasEmail: false,
  hasRedirect: false,
};

/** The name of the first parameter that says where to go on to; undefined without one. @param query as it is read */
export function redirectParameter(query: string): string | undefined {
  return query
    .split('&')
    .map((parameter) => parameter.split('=', 1)[0])
    .find((name) => redirectNames.has(name));
}

const equalsSign = 0x3d;
const ampersand = 0x26;

/** @param query as it is read, without its `?`; of any length, in linear time */
export function readQuery(query: string): QueryShape {
  if (query === '') return nothing;
  let parameters = 0;
  let longestValue = 0;
  let longestName = 0;
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
    if (nameEnd - from <= longestRedirectName && redirectNames.has(query.slice(from, nameEnd)))
      hasRedirect = true;
    from = at + 1;
    equals = -1;
  }
  const hasAddress = /:\/\/|(?:=|%2f%2f)www\./.test(query);
  const hasEmail = query.includes('@') && /[a-z0-9_-]@[a-z0-9-]{1,63}\./.test(query);
  return { parameters, longestValue, longestName, hasAddress, hasEmail, hasRedirect };
}
