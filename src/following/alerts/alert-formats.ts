import { type Alert, isoTime } from './alert.js';
import { cefAlert } from './cef.js';
import { ecsAlert } from './ecs.js';
import { icmpOf } from './icmp.js';

export const alertFormats = ['ndjson', 'ecs', 'cef'] as const;
export type AlertFormat = (typeof alertFormats)[number];

const lines: Readonly<Record<AlertFormat, (alert: Alert) => string>> = {
  ndjson: (alert) => JSON.stringify(plainAlert(alert)),
  ecs: (alert) => JSON.stringify(ecsAlert(alert)),
  cef: cefAlert,
};

/** An alert as one line, without its end. */
export function alertLine(alert: Alert, format: AlertFormat): string {
  return lines[format](alert);
}

/** An alert by the names that the API uses too. */
function plainAlert(alert: Alert): object {
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
    const icmp = icmpOf(flow);
    const ofFlow = icmp ? { icmp, flow: { ...flow, id_orig_p: null, id_resp_p: null } } : { flow };
    return { ...scored, ...(novelty && { novelty }), signature, ...ofFlow };
  }
  const { url, event, client, uid } = alert.asked;
  return { ...scored, url, event, client, uid };
}
