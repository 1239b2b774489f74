import { hostname } from 'node:os';
import { type Alert, classOf, isoTime } from '../alerts/alert.js';
import { severityOf } from '../alerts/severity.js';

/** `local0`: reports on others, not on this host. */
const facility = 16;

/**
 * A syslog message by RFC 5424, without structured data. Its text is UTF-8 without a byte order mark, which the RFC
 * allows as a text of unsaid encoding; the receivers of CEF would take the mark for a part of it.
 */
export function syslogMessage(alert: Alert, text: string, now = new Date()): string {
  const time = alert.at === null ? now.toISOString() : isoTime(alert.at);
  const header = [time, printable(hostname(), 255), 'netwarden', process.pid, printable(classOf(alert), 32)];
  return `<${facility * 8 + urgencyOf(alert)}>1 ${header.join(' ')} - ${text}`;
}

/** As it goes over TCP, by RFC 6587 (octet counting) and RFC 5425: its length in bytes, a blank, the message. */
export function syslogFrame(message: string): Buffer {
  const bytes = Buffer.from(message);
  return Buffer.concat([Buffer.from(`${bytes.length} `), bytes]);
}

/** Syslog's severity: 3 error, 4 warning, 5 notice, 6 informational. */
function urgencyOf(alert: Alert): number {
  const severity = severityOf(alert);
  if (alert.kind === 'flow') return { malicious: 4, suspicious: 5, benign: 6 }[alert.verdict];
  return severity >= 7 ? 3 : 4;
}

/** Header fields are printable ASCII without blanks, `-` for nothing. */
function printable(text: string, longest: number): string {
  return text.replace(/[^!-~]/g, '').slice(0, longest) || '-';
}
