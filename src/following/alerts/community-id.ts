import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import type { Flow } from '../../detector/flow/flow.js';

const protocols: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 };
const [icmpNumber, icmp6Number] = [1, 58];

/** Messages of ICMP that ask, and those that answer them: the specification takes both types for the ports. */
const counterparts: Readonly<Record<number, readonly (readonly [asks: number, answers: number])[]>> = {
  [icmpNumber]: [
    [8, 0],
    [13, 14],
    [15, 16],
    [10, 9],
    [17, 18],
  ],
  [icmp6Number]: [
    [128, 129],
    [133, 134],
    [135, 136],
    [130, 131],
    [139, 140],
    [144, 145],
  ],
};

/**
 * The key by which Zeek, Suricata and SIEMs know a flow: version 1, seed 0.
 * https://github.com/corelight/community-id-spec
 * @returns null where the log lacks an address or a port, and for protocols that have neither ports nor types
 */
export function communityId(flow: Flow): string | null {
  const { id_orig_h, id_orig_p, id_resp_h, id_resp_p } = flow;
  if (id_orig_p === null || id_resp_p === null) return null;
  const [orig, resp] = [addressBytes(id_orig_h), addressBytes(id_resp_h)];
  if (orig?.length !== resp?.length || !orig || !resp) return null;
  const isIcmp = flow.proto === 'icmp';
  const protocol = isIcmp ? (orig.length === 4 ? icmpNumber : icmp6Number) : protocols[flow.proto];
  if (protocol === undefined) return null;
  const counterpart = isIcmp ? counterpartOf(protocol, id_orig_p) : null;
  const ends = [
    { address: orig, port: id_orig_p },
    { address: resp, port: counterpart ?? id_resp_p },
  ];
  // A message that nothing answers goes one way.
  if (!isIcmp || counterpart !== null) ends.sort((a, b) => a.address.compare(b.address) || a.port - b.port);
  const hash = createHash('sha1').update(Buffer.of(0, 0));
  for (const { address } of ends) hash.update(address);
  hash.update(Buffer.of(protocol, 0));
  for (const { port } of ends) hash.update(Buffer.of(port >> 8, port & 255));
  return `1:${hash.digest('base64')}`;
}

function counterpartOf(protocol: number, type: number): number | null {
  const pair = counterparts[protocol].find((types) => types.includes(type));
  if (!pair) return null;
  return pair[0] === type ? pair[1] : pair[0];
}

function addressBytes(address: string | null): Buffer | null {
  if (address === null) return null;
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  if (!isIPv6(address) || address.includes('%')) return null;
  // An IPv4 address at the end is two groups.
  const groups = address.replace(/(?<=:)\d+\.\d+\.\d+\.\d+$/, (v4) => {
    const [a, b, c, d] = v4.split('.').map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [front, back] = groups.split('::').map((side) => side.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - front.length - (back?.length ?? 0)).fill('0');
  const bytes = Buffer.alloc(16);
  [...front, ...zeros, ...(back ?? [])].forEach((group, i) =>
    bytes.writeUInt16BE(parseInt(group, 16), i * 2),
  );
  return bytes;
}
