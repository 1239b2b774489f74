import { type Alert, isoTime } from './alert.js';

/** An alert by the names that the API uses too. */
export function plainAlert(alert: Alert): object {
  const { kind, id, detector, at, text } = alert;
  const common = { id, kind, time: at === null ? null : isoTime(at), detector };
  if (alert.kind === 'host') {
    const { kind: finding, from, to, ...rest } = alert.finding;
    return { ...common, finding, ...rest, from: isoTime(from), to: isoTime(to), text };
  }
  const { verdict, probability, reasons, version, signature, flow } = alert;
  return {
    ...common,
    verdict,
    probability,
    reasons,
    text,
    model: { detector, version },
    signature,
    flow,
  };
}
