/** The marks that addresses are made of, by the names that HTML gives them. */
const names: Readonly<Record<string, string>> = {
  amp: '&',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  colon: ':',
  sol: '/',
  bsol: '\\',
  period: '.',
  commat: '@',
  quest: '?',
  num: '#',
  equals: '=',
  percnt: '%',
  lowbar: '_',
  hyphen: '-',
  nbsp: ' ',
  Tab: '\t',
  NewLine: '\n',
};

const reference = /&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,7}));/g;

/**
 * Undoes HTML's character references in an address that was copied out of a page's source, also where they were escaped
 * several times: `&amp;`, `&#47;`, `&#x2F;`, `&colon;`. Those of letters of other alphabets are left.
 */
export function decodeReferences(text: string): string {
  let decoded = text;
  while (decoded.includes('&') && decoded.includes(';')) {
    const next = decoded.replace(reference, characterOf);
    if (next === decoded) break;
    decoded = next;
  }
  return decoded;
}

function characterOf(written: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return names[name] ?? written;
  const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : written;
}
