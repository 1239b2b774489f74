/** An address cut behind its scheme. */
export interface SchemeSplit {
  /** As it was written, in lower case; null where it was left out. */
  readonly scheme: string | null;
  /** From the authority on. */
  readonly rest: string;
  /** Why the text is no address of a page, where its beginning says so. */
  readonly fault?: string;
}

/** Schemes whose addresses name a host and are read the same way; a colon and any slashes follow. */
const webSchemes = new Set(['http', 'https', 'ftp', 'ws', 'wss', 'webcal', 'webcals']);

/** Schemes that stand in front of another address, and lead to what that leads to. */
const prefixSchemes = new Set(['view-source', 'feed', 'blob', 'filesystem']);

/** Schemes that name no host to score, by what they do instead. */
const otherSchemes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'runs a script': 'javascript vbscript livescript mocha',
    'carries its own content': 'data',
    'names a page of the browser': 'about chrome edge opera brave resource res',
    'names a page of an extension': 'chrome-extension moz-extension ms-browser-extension',
    'names a mailbox': 'mailto',
    'names a telephone': 'tel sms callto facetime fax',
    'names a person to call or to write to': 'sip sips xmpp skype whatsapp tg im irc ircs',
    'names a file on the machine itself': 'file',
    'names a share of files': 'smb nfs afp',
    'names a thing but no place': 'urn doi isbn tag uuid cid mid geo',
    'names a file but no host': 'magnet ed2k',
    'names a message but no host': 'news nntp',
    'asks an app to open something':
      'intent market itms itms-apps android-app ms-settings ms-msdt search-ms otpauth',
    'names an account to pay to': 'bitcoin ethereum litecoin monero lightning',
  }).flatMap(([does, names]) => names.split(' ').map((name) => [name, does] as const)),
);

/** A scheme without its colon, or with another mark for it. */
const colonless = /^(?:https?(?:[;,.][\\/]{2,}|[\\/]+)|(?:ftp|wss?)[\\/]{2,})/i;
/** A scheme where the host should begin: what stands in front of it was written twice. */
const doubled = /^(?:(h(?:tt|xx)ps?)(?:[:;][\\/]+|[\\/]{2,})|(ftp|wss?):[\\/]{2,})/i;
const windowsPath = /^[a-z]:(?:[\\/]|$)/i;
/** A scheme and its colon, which a blank may part. */
const named = /^([a-z][a-z0-9+.-]{0,30})\s?:/i;

/**
 * Takes the scheme off, also one that was written twice, without its colon, or behind one that only points at another
 * address (`view-source:`). What names no host of the web is a fault.
 */
export function splitScheme(text: string): SchemeSplit {
  let rest = text;
  for (;;) {
    if (rest.charCodeAt(1) === 0x3a && windowsPath.test(rest))
      return faulty('the address is a path of Windows and has no host');
    if (rest.startsWith('\\\\')) return faulty('the address names a share of files of Windows');
    const found = named.exec(rest);
    if (!found) break;
    const name = found[1].toLowerCase();
    const after = rest.slice(found[0].length);
    if (webSchemes.has(name)) return behindScheme(name, after);
    if (!prefixSchemes.has(name)) {
      const does = otherSchemes.get(name);
      if (does !== undefined) return faulty(`${name}: ${does}; it is no address of a page`, name);
      if (slashesEnd(after, 0) >= 2) return faulty(`${name}: is no scheme of the web`, name);
      break;
    }
    if (name !== 'feed' && !/^\s*[a-z]{2,12}:/i.test(after)) {
      return faulty(`${name}: holds no address`, name);
    }
    rest = after.trimStart();
  }
  const lost = colonless.exec(rest);
  if (lost) return behindScheme(/^[a-z]+/i.exec(lost[0])![0].toLowerCase(), rest.slice(lost[0].length));
  const start = slashesEnd(rest, 0);
  if (start === 1) return faulty('the address begins with a path and has no host');
  return start === 0 ? { scheme: null, rest } : { ...behindScheme('', rest), scheme: null };
}

/** @param after what follows the scheme's colon */
function behindScheme(name: string, after: string): SchemeSplit {
  let scheme = name;
  let rest = after.slice(slashesEnd(after, 0));
  for (let again = doubled.exec(rest); again; again = doubled.exec(rest)) {
    scheme = (again[1] ?? again[2]).toLowerCase().replace('xx', 'tt');
    rest = rest.slice(again[0].length);
  }
  return { scheme, rest };
}

function faulty(fault: string, scheme: string | null = null): SchemeSplit {
  return { scheme, rest: '', fault };
}

function slashesEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && isSlash(text.charCodeAt(end))) end++;
  return end;
}

/** `/`, or `\` that browsers take for one. */
export function isSlash(code: number): boolean {
  return code === 0x2f || code === 0x5c;
}
