import { hostname } from 'node:os';
import { type Alert, classOf, isoTime } from '../alerts/alert.js';
import { syslogSeverityOf } from '../alerts/severity.js';

/** `local0`: reports on others, not on this host. */
const facility = 16;

/**
 * A syslog message by RFC 5424, without structured data. Its text is UTF-8 without a byte order mark, which the RFC
 * allows as a text of unsaid encoding; the receivers of CEF would take the mark for a part of it.
 */
export function syslogMessage(alert: Alert, text: string, now = new Date()): string {
  const time = alert.at === null ? now.toISOString() : isoTime(alert.at);
  const header = [time, printable(hostname(), 255), 'netwarden', process.pid, printable(classOf(alert), 32)];
  return `<${facility * 8 + syslogSeverityOf(alert)}>1 ${header.join(' ')} - ${text}`;
}

/** How a receiver knows where a message over TCP ends. */
export const framings = ['octets', 'newline'] as const;
export type Framing = (typeof framings)[number];

/**
 * A message as it goes over TCP, by RFC 6587: its length in bytes, a blank, the message (`octets`, also RFC 5425); or the
 * message and a line end (`newline`), for the receivers that know no other. Neither format of alerts holds a line end.
 */
export function syslogFrame(message: string, framing: Framing = 'octets'): Buffer {
  if (framing === 'newline') return Buffer.from(`${message.replace(/[\r\n]+/g, ' ')}\n`);
  const bytes = Buffer.from(message);
  return Buffer.concat([Buffer.from(`${bytes.length} `), bytes]);
}

/** Header fields are printable ASCII without blanks, `-` for nothing. */
function printable(text: string, longest: number): string {
  return text.replace(/[^!-~]/g, '').slice(0, longest) || '-';
}
