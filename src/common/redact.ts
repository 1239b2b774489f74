/** Secrets of this process's own settings, in each of their spellings, the longest first. */
let ownSecrets: readonly string[] = [];

/** A shorter text would be found in half of all messages, and is guessed anyway. */
const shortestSecret = 4;

/** Longer schemes are none: the longest in use with credentials have 13 letters. */
const longestScheme = 20;

/** How often a text may have been percent-encoded over and over. */
const mostEncodings = 3;

/** Adds secrets that are to stand in no log and no answer. */
export function keepSecret(...secrets: readonly string[]): void {
  ownSecrets = longestFirst([...ownSecrets, ...secrets.flatMap(spellingsOf)]);
}

/** A secret as written, decoded and encoded as in a URL or its query, and as it stands inside of JSON. */
export function spellingsOf(secret: string): string[] {
  // In a query, `+` stands for a blank.
  const plain = [decoded(secret), decoded(secret.replaceAll('+', ' '))];
  const all = [secret, ...plain, ...[secret, ...plain].map(encodeURIComponent)];
  const inJson = all.map((spelling) => JSON.stringify(spelling).slice(1, -1));
  return [...all, ...inJson].filter(({ length }) => length >= shortestSecret);
}

/** A secret that is part of another one must not be taken out of it and leave the rest. */
function longestFirst(secrets: readonly string[]): string[] {
  return [...new Set(secrets)].sort((one, other) => other.length - one.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Takes credentials out of a text: the settings' secrets and `more` in each of their spellings, the secrets of API keys,
 * and whatever stands before the last `@` of a URL's authority, percent-encoded ones too. In time that grows with the
 * text's length alone.
 */
export function redactSecrets(text: string, more: readonly string[] = []): string {
  const secrets =
    more.length === 0 ? ownSecrets : longestFirst([...ownSecrets, ...more.flatMap(spellingsOf)]);
  const redacted = redactPlain(text, secrets);
  if (!text.includes('%')) return redacted;
  let plain = text;
  for (let i = 0; i < mostEncodings; i++) {
    plain = decodeHarmless(plain);
    const found = redactPlain(plain, secrets);
    // The decoded text is shown only where it had something to hide.
    if (found !== plain) return found;
  }
  return redacted;
}

function redactPlain(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const secret of secrets) {
    if (shown.includes(secret)) shown = shown.replaceAll(secret, '***');
  }
  if (shown.includes('nw_')) shown = shown.replace(/(nw_[0-9a-f]{12}_)[\w-]+/g, '$1***');
  return shown.includes('@') ? redactAuthorities(shown) : shown;
}

/** One pass: each `://` is looked at once, and what was read behind one is not read again for the next. */
function redactAuthorities(text: string): string {
  let shown = '';
  let copied = 0;
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', Math.max(copied, at + 3))) {
    const start = at + 3;
    if (!endsInScheme(text, at)) continue;
    const end = endOfRun(text, start);
    const sign = text.lastIndexOf('@', end - 1);
    if (sign >= start) {
      shown += `${text.slice(copied, start)}***`;
      copied = sign;
    }
    at = Math.max(start, end) - 3;
  }
  return shown + text.slice(copied);
}

/** Whether the characters before a `://` are those of a scheme (RFC 3986, 3.1) that has logins: files have none. */
function endsInScheme(text: string, end: number): boolean {
  const before = text.slice(Math.max(0, end - longestScheme), end);
  return /[a-z][a-z0-9+.-]{0,19}$/i.test(before) && !/(?:^|[^a-z0-9+.-])file$/i.test(before);
}

/**
 * End of what may belong to one authority: the next blank or quote. A password may itself hold `@`, `:`, `/` and, in
 * JSON, a quote that is escaped.
 */
function endOfRun(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (' \t\r\n"\'<>`'.includes(character)) return at;
  }
  return text.length;
}

/** Percent-encoded letters, digits and what stands in addresses; quotes and controls stay as they are. */
function decodeHarmless(text: string): string {
  return text.replace(/%([2-7][0-9a-f])/gi, (code, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return /[\w.~:/@%+-]/.test(character) ? character : code;
  });
}
