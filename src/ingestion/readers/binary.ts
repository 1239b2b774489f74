import { ReaderError } from './reader.errors.js';

/** First bytes of what people send by mistake, and what to do about it. */
const signatures: readonly { bytes: string; is: string; advice: string }[] = [
  { bytes: '1f8b', is: 'a gzip archive', advice: 'unpack it first (gunzip -c file.gz)' },
  { bytes: '504b0304', is: 'a zip archive or an Excel workbook', advice: 'unpack it, or save it as CSV' },
  { bytes: '28b52ffd', is: 'a Zstandard archive', advice: 'unpack it first (zstd -dc file.zst)' },
  { bytes: 'fd377a585a00', is: 'an xz archive', advice: 'unpack it first (xz -dc file.xz)' },
  { bytes: '89504e470d0a1a0a', is: 'a PNG picture', advice: 'send CSV, NDJSON or JSON text' },
  { bytes: '255044462d', is: 'a PDF document', advice: 'send CSV, NDJSON or JSON text' },
  { bytes: '50415231', is: 'a Parquet file', advice: 'convert it to CSV or NDJSON' },
  { bytes: 'd4c3b2a1', is: 'a packet capture', advice: 'turn it into flows with Zeek or Suricata' },
  { bytes: 'a1b2c3d4', is: 'a packet capture', advice: 'turn it into flows with Zeek or Suricata' },
  { bytes: '0a0d0d0a', is: 'a packet capture', advice: 'turn it into flows with Zeek or Suricata' },
];

/** Text has next to no control characters but tab and line ends; compressed data has them at one byte in nine. */
const maxControlShare = 0.02;

/** @throws ReaderError `BINARY_INPUT` when the first bytes of an input without a UTF-16 mark are no text. */
export function refuseBinary(head: Buffer): void {
  const known = signatures.find(({ bytes }) => head.subarray(0, bytes.length / 2).toString('hex') === bytes);
  if (known) throw new ReaderError('BINARY_INPUT', `The input is ${known.is}: ${known.advice}.`);
  const controls = head.filter((byte) => byte < 32 && !(byte >= 9 && byte <= 13)).length;
  if (controls <= head.length * maxControlShare) return;
  const nul = head.indexOf(0);
  if (nul !== -1) {
    throw new ReaderError(
      'BINARY_INPUT',
      `The input is not text: byte ${nul} is zero. Send UTF-8 text, or UTF-16 with a byte order mark.`,
    );
  }
  throw new ReaderError(
    'BINARY_INPUT',
    `The input is not text: ${controls} of its first ${head.length} bytes are control characters. Send CSV, NDJSON or JSON.`,
  );
}
