import { type Alert, isoTime } from './alert.js';

/** An alert by the names that the API uses too. */
export function plainAlert(alert: Alert): object {
  const { kind, id, detector, at, text } = alert;
  const common = { id, kind, time: at === null ? null : isoTime(at), detector };
  if (alert.kind === 'host') {
    const { kind: finding, from, to, ...rest } = alert.finding;
    return { ...common, finding, ...rest, from: isoTime(from), to: isoTime(to), text };
  }
  const { verdict, probability, reasons, version } = alert;
  const scored = { ...common, verdict, probability, reasons, text, model: { detector, version } };
  if (alert.kind === 'flow') {
    const { novelty, signature, flow } = alert;
    return { ...scored, ...(novelty && { novelty }), signature, flow };
  }
  const { url, event, client, uid } = alert.asked;
  return { ...scored, url, event, client, uid };
}
