/** Values of the parts of an address as `inet_aton` reads them: decimal, `0x` hexadecimal, `0` octal; NaN is none. */
function partValue(part: string): number {
  if (/^0x[0-9a-f]*$/i.test(part)) return part.length === 2 ? 0 : Number.parseInt(part.slice(2), 16);
  if (/^0[0-7]*$/.test(part)) return part === '0' ? 0 : Number.parseInt(part, 8);
  return /^[1-9][0-9]*$/.test(part) ? Number(part) : Number.NaN;
}

/** Whether a host's last label is a number, so that it is an IPv4 address or nothing (WHATWG URL, "ends in a number"). */
export function endsInNumber(host: string): boolean {
  const code = host.charCodeAt(host.length - 1) | 0x20;
  // Most hosts end in a letter that no number has.
  if (code > 0x66 && code !== 0x78) return false;
  const label = host.slice(host.lastIndexOf('.') + 1);
  return /^(?:[0-9]+|0x[0-9a-f]*)$/i.test(label);
}

/**
 * The dotted decimal form of an IPv4 address in any form that browsers take: `127.1`, `0x7f000001`, `017700000001`,
 * `2130706433`.
 * @returns null where it is no address
 */
export function canonicalIpv4(host: string): string | null {
  const values = host.split('.', 5).map(partValue);
  const last = values.pop();
  if (last === undefined || values.length > 3) return null;
  if (!values.every((value) => value <= 255) || !(last < 256 ** (4 - values.length))) return null;
  const address = values.reduce((sum, value, i) => sum + value * 256 ** (3 - i), last);
  return dotted(address);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** The interface that a link-local address is meant on (RFC 4007, in addresses RFC 6874): it leads nowhere else. */
const zone = /^(fe[89ab][0-9a-f]:.*?)(?:%25|%)[a-z0-9_.~-]+$/i;

/**
 * The canonical form (RFC 5952) of an IPv6 address without its brackets and its zone. One that stands for an IPv4 address
 * (`::ffff:127.0.0.1`) is given as that, for it leads to the same host.
 * @returns null where it is no address
 */
export function canonicalIpv6(
  text: string,
): { readonly host: string; readonly kind: 'ipv4' | 'ipv6' } | null {
  const address = text.includes('%') ? text.replace(zone, '$1') : text;
  const bracketed = `http://[${address}]/`;
  if (!/^[0-9a-f:.]+$/i.test(address) || !URL.canParse(bracketed)) return null;
  const host = new URL(bracketed).hostname;
  const mapped = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(host);
  if (!mapped) return { host, kind: 'ipv6' };
  return {
    host: dotted(Number.parseInt(mapped[1], 16) * 65536 + Number.parseInt(mapped[2], 16)),
    kind: 'ipv4',
  };
}
