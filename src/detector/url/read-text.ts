import { domainToUnicode } from 'node:url';

/** A host name or some of its labels, of the form in which the domain name system has it. */
export function readName(name: string): string {
  return name.includes('xn--') ? plainLatin(domainToUnicode(name) || name) : name;
}

/** A run of escapes beyond ASCII, which are text in UTF-8 or in the encoding of older sites. */
const textEscapes = /(?:%[89a-f][0-9a-f])+/g;
const replacement = /\ufffd/;

/**
 * Text in lower case with its escapes read: a letter for the bytes of a letter, a blank for `%20`. Escapes of other marks
 * stay. Bytes in an older encoding than UTF-8 are letters too, which ones is not known: each comes to U+FFFD.
 */
export function readEscapes(text: string): string {
  if (!text.includes('%')) return text;
  return text.replaceAll('%20', ' ').replace(textEscapes, (run) => {
    const read = Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8');
    return replacement.test(read) ? read : plainLatin(read.toLowerCase());
  });
}

/** Letters that are no letter with an accent, as they are written where only ASCII can be. */
const written: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ə: 'e',
};
const latinBeyondAscii = /[\u00df-\u024f\u0259\u1e00-\u1eff]/g;
const accents = /\p{M}+/gu;

/** Latin letters without accents, for an accent says nothing of an address; letters of other scripts as they are. */
function plainLatin(text: string): string {
  return text
    .normalize('NFC')
    .replace(latinBeyondAscii, (letter) => written[letter] ?? letter.normalize('NFD').replace(accents, ''));
}
