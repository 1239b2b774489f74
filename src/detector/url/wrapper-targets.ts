/** Where a wrapper's address carries its target; see `data/url/wrappers.txt`. */
export type Way =
  | 'param'
  | 'base64'
  | 'json'
  | 'cache'
  | 'query'
  | 'path'
  | 'segment'
  | 'after'
  | 'until'
  | 'dashes'
  | 'runs'
  | 'opaque';

export interface Parameter {
  /** In lower case. */
  readonly name: string;
  /** As it was written, its escapes too. */
  readonly value: string;
}

/** The parameters of a query as it was written, without its `?`. */
export function parametersOf(query: string): Parameter[] {
  return query.split('&').map((one) => {
    const equals = one.indexOf('=');
    const name = equals < 0 ? one : one.slice(0, equals);
    return { name: decodeEscapes(name).toLowerCase(), value: equals < 0 ? '' : one.slice(equals + 1) };
  });
}

/** The query of path, query and fragment as they were written, without its `?`. */
export function queryOf(writtenTail: string): string {
  const hash = writtenTail.indexOf('#');
  const end = hash < 0 ? writtenTail.length : hash;
  const mark = writtenTail.indexOf('?');
  return mark < 0 || mark > end ? '' : writtenTail.slice(mark + 1, end);
}

/**
 * The text of a wrapper's target.
 * @param tail path, query and fragment as they were written
 * @param from where the target or the rest of the path begins
 * @returns null where the address has none there
 */
export function targetText(way: Way, argument: string, tail: string, from: number): string | null {
  const rest = tail.slice(from);
  switch (way) {
    case 'param':
      return valueOf(argument, tail, decodeParameter);
    case 'base64':
      return valueOf(argument, tail, (value) =>
        decodeBase64(decodeEscapes(value).replace(/^a1(?=aHR0)/, '')),
      );
    case 'json':
      return valueOf(argument, tail, (value) => addressInJson(decodeEscapes(value)));
    case 'cache':
      return valueOf(argument, tail, cachedAddress);
    case 'dashes':
      return valueOf(argument, tail, (value) =>
        decodeEscapes(value.replaceAll('-', '%').replaceAll('_', '/')),
      );
    case 'query':
      return decodeScheme(queryOf(tail)) || null;
    case 'path':
      return rest === '' ? null : decodeScheme(rest);
    case 'segment':
      return segmentOf(rest);
    case 'after': {
      const at = tail.indexOf(argument);
      return at < 0 ? null : segmentOf(tail.slice(at + argument.length));
    }
    case 'until': {
      const end = rest.indexOf(argument);
      return end <= 0 ? null : decodeScheme(rest.slice(0, end));
    }
    case 'runs':
      return decodeRuns(rest);
    case 'opaque':
      return null;
  }
}

/** The decoded value of the first of these parameters that has one. */
function valueOf(names: string, tail: string, decode: (value: string) => string | null): string | null {
  const parameters = parametersOf(queryOf(tail));
  for (const name of names.split(',')) {
    const found = parameters.find((one) => one.name === name && one.value !== '');
    const text = found && decode(found.value);
    if (text) return text;
  }
  return null;
}

/** A parameter's value, once unescaped, and again where even its scheme still is. */
export function decodeParameter(value: string): string {
  return decodeScheme(decodeEscapes(value.replaceAll('+', '%20')));
}

/** Escapes are undone where they stand for characters; others are left. */
function decodeEscapes(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%[0-7][0-9a-f]/gi, (escape) =>
      String.fromCharCode(Number.parseInt(escape.slice(1), 16)),
    );
  }
}

/** Undoes escapes as long as the scheme itself is escaped. */
function decodeScheme(text: string): string {
  let decoded = text;
  for (let depth = 0; depth < 4 && /^(?:https?)?(?:%(?:25)*3a|:)?%(?:25)*2f/i.test(decoded); depth++) {
    decoded = decodeEscapes(decoded);
  }
  return decoded;
}

/** The address that a text is in base64 of either alphabet; null where it is none. */
export function decodeBase64(text: string): string | null {
  if (!/^[A-Za-z0-9+/_=-]{8,}$/.test(text)) return null;
  const decoded = Buffer.from(text, 'base64').toString('latin1');
  return /^https?:\/\/[\x20-\x7e]+$/i.test(decoded) ? decoded : null;
}

/** `{"p": "{\"url\": …}"}` in base64, as Mandrill writes it. */
function addressInJson(text: string): string | null {
  const decoded = Buffer.from(text, 'base64').toString('utf8').replaceAll('\\', '');
  return /"url":"(https?:\/\/[^"]+)"/i.exec(decoded)?.[1] ?? null;
}

/** The next segment, unescaped; everything where an address follows as it is. */
function segmentOf(rest: string): string | null {
  if (/^https?:[\\/]/i.test(rest)) return rest;
  const segment = /^[^/?#]*/.exec(rest)![0];
  if (segment === '') return null;
  return decodeBase64(segment) ?? decodeScheme(decodeEscapes(segment));
}

/** `cache:COPY:ADDRESS WORDS`, as Google's cache is asked. */
function cachedAddress(value: string): string | null {
  return /^cache:(?:[A-Za-z0-9_-]{12}:)?(\S+)/.exec(decodeParameter(value))?.[1] ?? null;
}

const runCodes = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Proofpoint's URL Defense, version 3: `ADDRESS__;BYTES!!…`. Each `*` of the address stands for the next character of
 * what `BYTES` is in base64, `**` and a letter for as many as the letter's place in the alphabet and two more.
 */
function decodeRuns(rest: string): string | null {
  const parts = /^(.+?)__;([A-Za-z0-9_=-]*)!/.exec(rest);
  if (!parts) return null;
  const characters = [...Buffer.from(parts[2], 'base64').toString('utf8')];
  let at = 0;
  const take = (count: number): string => characters.slice(at, (at += count)).join('');
  const address = decodeEscapes(parts[1]).replace(/\*(?:\*(.))?/gu, (token, code: string | undefined) =>
    token === '*' ? take(1) : take(runCodes.indexOf(code!) + 2),
  );
  return address.replace(/^([a-z0-9+.-]+:\/)(?=[^/])/i, '$1/');
}
