/** Longest input, and longest canonical text, in characters; servers refuse longer request lines. */
export const longestUrl = 8192;

/** A part of a URL, by what may stand in it unescaped; one entry a character code below 128. */
export interface Component {
  /** Characters that mean the same escaped or not: their escapes are decoded. */
  readonly plain: Uint8Array;
  /** These and the component's marks: they stay where they stand, but `%2F` is not a `/` nor `%26` a `&`. */
  readonly kept: Uint8Array;
}

function component(marks: string, alsoEscaped = ''): Component {
  const plain = new Uint8Array(128).fill(1, 0x21, 0x7f);
  for (const char of '"<>`{}\\^|%' + marks + alsoEscaped) plain[char.charCodeAt(0)] = 0;
  const kept = plain.slice();
  for (const char of marks) kept[char.charCodeAt(0)] = 1;
  return { plain, kept };
}

export const pathComponent = component('/', '?#');
export const queryComponent = component('&=+', '#');
export const fragmentComponent = component('');
/** What stands before the `@` is escaped so that it cannot be taken for a scheme, a host or a wrapping. */
export const userinfoComponent = component(':', "/?#@;=[]'(),&+!$*");

const percent = 0x25;
const hexDigits = '0123456789ABCDEF';
const hexCode = Uint8Array.from(hexDigits, (digit) => digit.charCodeAt(0));
const hexValue = new Int8Array(128).fill(-1);
for (let v = 0; v < 16; v++) {
  hexValue[hexDigits.charCodeAt(v)] = v;
  hexValue[hexDigits.toLowerCase().charCodeAt(v)] = v;
}

/** The output that is being written; kept between calls, for three UTF-8 bytes a UTF-16 unit, each in three characters. */
const buffer = Buffer.alloc(longestUrl * 9);
let length = 0;

/**
 * Appends a character; where it completes an escape that need not be one, the character meant takes its place, which
 * may complete another. So no order or depth of escaping leaves anything to decode, and the time is linear.
 */
function push(code: number, plain: Uint8Array): void {
  buffer[length++] = code;
  while (length >= 3 && buffer[length - 3] === percent) {
    const high = hexValue[buffer[length - 2]];
    const low = hexValue[buffer[length - 1]];
    if (high < 0 || low < 0) return;
    const value = high * 16 + low;
    if (value !== percent && (value > 127 || plain[value] === 0)) {
      buffer[length - 2] = hexCode[high];
      buffer[length - 1] = hexCode[low];
      return;
    }
    length -= 2;
    buffer[length - 1] = value;
  }
}

function pushEscaped(byte: number): void {
  buffer[length++] = percent;
  buffer[length++] = hexCode[byte >> 4];
  buffer[length++] = hexCode[byte & 15];
}

function isSettled(text: string, kept: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127 || kept[code] === 0) return false;
  }
  return true;
}

/**
 * One spelling of a URL's component of at most `longestUrl` characters: escapes of what needs none are decoded, however
 * deep; what a URL cannot hold is escaped as UTF-8, in capitals. Running it again changes nothing.
 */
export function normalizePercent(text: string, { plain, kept }: Component): string {
  if (isSettled(text, kept)) return text;
  length = 0;
  for (const byte of Buffer.from(text, 'utf8')) {
    if (byte === percent || (byte < 128 && kept[byte] === 1)) push(byte, plain);
    else pushEscaped(byte);
  }
  return buffer.toString('latin1', 0, length);
}

/** Whether an escape was itself escaped, as in `%2541`. */
export function isDoubleEncoded(text: string): boolean {
  return /%25[0-9a-f]{2}/i.test(text);
}
