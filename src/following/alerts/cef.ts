import { isIPv6 } from 'node:net';
import { codeVersion } from '../../config/project-root.js';
import { type Alert, classOf } from './alert.js';
import { icmpOf } from './icmp.js';
import { severityOf } from './severity.js';

type Extension = Readonly<Record<string, string | number | null>>;

/**
 * An alert in the Common Event Format, version 0, without a syslog header.
 * ArcSight, Common Event Format Implementation Standard, revision 25
 */
export function cefAlert(alert: Alert): string {
  const name = classOf(alert);
  const header = ['Netwarden', 'Netwarden', codeVersion, name, name.replaceAll('-', ' '), severityOf(alert)];
  return `CEF:0|${header.map((field) => escapeHeader(String(field))).join('|')}|${extensionText(fieldsOf(alert))}`;
}

/** In a header a bar ends a field; it has no way to write a line break. */
export function escapeHeader(text: string): string {
  return text.replace(/[\\|]/g, '\\$&').replace(/[\r\n]+/g, ' ');
}

/** In an extension `=` ends a key; bars may stand as they are. */
export function escapeExtension(text: string): string {
  return text
    .replace(/[\\=]/g, '\\$&')
    .replace(/\r\n|\n/g, '\\n')
    .replace(/\r/g, '\\r');
}

function extensionText(fields: Extension): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}=${escapeExtension(String(value))}`)
    .join(' ');
}

function fieldsOf(alert: Alert): Extension {
  const common = {
    externalId: alert.id,
    rt: alert.at === null ? null : Math.round(alert.at * 1000),
    cat: alert.detector,
    msg: alert.text,
  };
  if (alert.kind === 'host') {
    const { host, target, port, proto, count, from, to, uids } = alert.finding;
    return {
      ...common,
      ...addresses(host, target),
      dpt: proto === 'icmp' ? null : port,
      proto: proto.toUpperCase(),
      cnt: count,
      start: Math.round(from * 1000),
      end: Math.round(to * 1000),
      ...labelled('cs1', 'uids', uids.join(',') || null),
    };
  }
  const { verdict, probability, version } = alert;
  const model = {
    ...labelled('cfp1', 'probability', probability),
    ...labelled('cn1', 'modelVersion', version),
  };
  if (alert.kind === 'url') {
    const { url, client, uid, event } = alert.asked;
    return {
      ...common,
      ...addresses(client, null),
      request: url,
      app: event,
      ...labelled('cs1', 'verdict', verdict),
      ...labelled('cs2', 'uid', uid),
      ...model,
    };
  }
  const { flow, signature, novelty } = alert;
  const icmp = icmpOf(flow);
  return {
    ...common,
    ...addresses(flow.id_orig_h, flow.id_resp_h),
    ...(icmp ? {} : { spt: flow.id_orig_p, dpt: flow.id_resp_p }),
    proto: flow.proto.toUpperCase(),
    app: flow.service,
    // By the standard `in` is what flows from source to destination, and `out` what comes back.
    in: flow.orig_bytes,
    out: flow.resp_bytes,
    start: flow.ts === null ? null : Math.round(flow.ts * 1000),
    ...labelled('cs1', 'verdict', verdict),
    ...labelled('cs2', 'uid', flow.uid),
    ...labelled('cs3', 'signature', signature?.signature ?? null),
    ...model,
    ...(icmp && { ...labelled('cn2', 'icmpType', icmp.type), ...labelled('cn3', 'icmpCode', icmp.code) }),
    ...labelled('cfp2', 'novelty', novelty?.score ?? null),
  };
}

/** `src` and `dst` are IPv4 addresses in version 0; others have fields of their own. */
function addresses(source: string | null, target: string | null): Extension {
  return {
    ...(isIPv6(source ?? '') ? labelled('c6a2', 'Source IPv6 Address', source) : { src: source }),
    ...(isIPv6(target ?? '') ? labelled('c6a3', 'Destination IPv6 Address', target) : { dst: target }),
  };
}

function labelled(key: string, label: string, value: string | number | null): Extension {
  return value === null ? {} : { [key]: value, [`${key}Label`]: label };
}
