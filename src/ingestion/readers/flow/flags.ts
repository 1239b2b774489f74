export const [fin, syn, rst, psh, ack] = [0x01, 0x02, 0x04, 0x08, 0x10];

/** What both sides of a connection sent. */
export interface SeenPackets {
  readonly sent: number;
  readonly received: number;
  /** All TCP flags of each side; null where there are none to tell from. */
  readonly flags: { readonly client: number; readonly server: number } | null;
}

/** Zeek's state of a connection by the flags that each side has sent. */
export function stateOf({ sent, received, flags }: SeenPackets): string {
  if (!flags) return received === 0 ? 'S0' : sent === 0 ? 'SHR' : 'SF';
  const { client, server } = flags;
  if (!(client & syn)) return server & syn ? (server & rst ? 'RSTRH' : 'SHR') : 'OTH';
  if (!(server & syn)) {
    if (server & rst) return 'REJ';
    if (client & rst) return 'RSTOS0';
    return client & fin ? 'SH' : 'S0';
  }
  if (client & rst) return 'RSTO';
  if (server & rst) return 'RSTR';
  if (client & fin) return server & fin ? 'SF' : 'S2';
  return server & fin ? 'S3' : 'S1';
}

/** Histories by what they are made from: there are few, and each is asked for many times. */
const histories: string[] = [];

/** Zeek's history by the same: the letters stand in the usual order, for the log does not keep the real one. */
export function historyOf({ sent, received, flags }: SeenPackets): string {
  if (!flags) return `${sent > 0 ? 'D' : ''}${received > 0 ? 'd' : ''}`;
  const { client, server } = flags;
  const known = (client & 15) | ((server & 15) << 4) | (received > 1 ? 256 : 0);
  return (histories[known] ??= lettersOf(client, server, received > 1));
}

function lettersOf(client: number, server: number, isAcknowledged: boolean): string {
  const bothOpen = (client & syn) !== 0 && (server & syn) !== 0;
  return [
    client & syn && 'S',
    server & syn && 'h',
    bothOpen && 'A',
    client & psh && 'D',
    bothOpen && isAcknowledged && 'a',
    server & psh && 'd',
    client & fin && 'F',
    server & fin && 'f',
    client & rst && 'R',
    server & rst && 'r',
  ]
    .filter((letter) => typeof letter === 'string')
    .join('');
}

/** The flags that letters such as Argus's `FSPA` and nfdump's `..AP.SF` name. */
export function flagsOfLetters(letters: string): number {
  const bits: Readonly<Record<string, number>> = { F: fin, S: syn, R: rst, P: psh, A: ack };
  return [...letters].reduce((flags, letter) => flags | (bits[letter] ?? 0), 0);
}
