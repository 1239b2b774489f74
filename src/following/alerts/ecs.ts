import { isIPv6 } from 'node:net';
import { codeVersion } from '../../config/project-root.js';
import type { Flow } from '../../detector/flow/flow.js';
import { type Alert, classOf, type FlowAlert, type HostAlert, isoTime, type UrlAlert } from './alert.js';
import { communityId } from './community-id.js';
import { icmpOf } from './icmp.js';
import { severityOf } from './severity.js';

const ecsVersion = '8.17.0';

/**
 * An alert in the terms of the Elastic Common Schema; what that has no word for stands under `netwarden`.
 * https://www.elastic.co/guide/en/ecs/8.17/ecs-field-reference.html
 */
export function ecsAlert(alert: Alert): object {
  return known({
    '@timestamp': isoTime(alert.at ?? Date.now() / 1000),
    ecs: { version: ecsVersion },
    message: alert.text,
    observer: { vendor: 'Netwarden', product: 'Netwarden', type: 'ids', version: codeVersion },
    event: {
      id: alert.id,
      kind: 'alert',
      provider: 'netwarden',
      dataset: `netwarden.${alert.kind}`,
      category: ['network', 'intrusion_detection'],
      type: ['info'],
      severity: severityOf(alert),
      reason: alert.text,
      ...eventFields(alert),
    },
    ...fieldsOf(alert),
  }) as object;
}

function eventFields(alert: Alert): object {
  if (alert.kind === 'host') return eventOfHost(alert);
  return { risk_score: riskOf(alert), ...(alert.kind === 'flow' && eventOfFlow(alert)) };
}

function fieldsOf(alert: Alert): object {
  if (alert.kind === 'host') return hostFields(alert);
  return alert.kind === 'flow' ? flowFields(alert) : urlFields(alert);
}

/** 0 to 100, to two decimals. */
function riskOf({ probability }: FlowAlert | UrlAlert): number {
  return Math.round(probability * 10_000) / 100;
}

function eventOfFlow({ flow }: FlowAlert): object {
  return {
    start: flow.ts === null ? null : isoTime(flow.ts),
    // Nanoseconds.
    duration: flow.duration === null ? null : Math.round(flow.duration * 1e9),
  };
}

function eventOfHost({ finding }: HostAlert): object {
  return { start: isoTime(finding.from), end: isoTime(finding.to) };
}

function flowFields(alert: FlowAlert): object {
  const { flow, signature, detector, verdict, probability, novelty, reasons, version } = alert;
  const icmp = icmpOf(flow);
  const port = (of: number | null): number | null => (icmp ? null : of);
  return {
    source: endpoint(flow.id_orig_h, port(flow.id_orig_p), flow.orig_bytes, flow.orig_pkts),
    destination: endpoint(flow.id_resp_h, port(flow.id_resp_p), flow.resp_bytes, flow.resp_pkts),
    network: {
      ...networkOf(flow.proto, flow.id_orig_h),
      protocol: flow.service,
      community_id: communityId(flow),
      ...totals(flow),
    },
    related: { ip: [flow.id_orig_h, flow.id_resp_h].filter((address) => address !== null) },
    rule: signature
      ? {
          id: signature.signatureId === null ? null : String(signature.signatureId),
          name: signature.signature,
          category: signature.category,
        }
      : { name: classOf(alert) },
    netwarden: {
      detector,
      version,
      verdict,
      probability,
      novelty: novelty && { score: novelty.score, quantile: novelty.quantile, is_new: novelty.isNew },
      reasons,
      uid: flow.uid,
      icmp,
    },
  };
}

function urlFields(alert: UrlAlert): object {
  const { asked, detector, verdict, probability, reasons, version } = alert;
  const { url, event, client, server, uid } = asked;
  return {
    url: { original: url, ...(URL.canParse(url) && { full: url, domain: new URL(url).hostname || null }) },
    source: endpoint(client, null, null, null),
    destination: endpoint(server, null, null, null),
    network: { protocol: event, type: networkType(client) },
    related: { ip: [client, server].filter((address) => address !== null) },
    rule: { name: classOf(alert) },
    netwarden: { detector, version, verdict, probability, reasons, uid },
  };
}

function hostFields({ detector, finding }: HostAlert): object {
  const { kind, host, target, port, proto, count, atLeast, interval, uids } = finding;
  return {
    source: { ip: host, address: host },
    destination: endpoint(target, proto === 'icmp' ? null : port, null, null),
    network: networkOf(proto, host),
    related: { ip: target === null ? [host] : [host, target] },
    rule: { name: kind },
    netwarden: { detector, finding: kind, count, at_least: atLeast, interval, uids },
  };
}

function endpoint(
  ip: string | null,
  port: number | null,
  bytes: number | null,
  packets: number | null,
): object {
  return { ip, address: ip, port, bytes, packets };
}

function networkOf(proto: string, address: string | null): object {
  return { transport: transportOf(proto, address), type: networkType(address) };
}

function networkType(address: string | null): string | null {
  return address === null ? null : isIPv6(address) ? 'ipv6' : 'ipv4';
}

/** IANA's keywords: Zeek has one name for both versions of ICMP. */
function transportOf(proto: string, address: string | null): string {
  return proto === 'icmp' && address !== null && isIPv6(address) ? 'ipv6-icmp' : proto;
}

function totals({ orig_bytes, resp_bytes, orig_pkts, resp_pkts }: Flow): object {
  return {
    bytes: orig_bytes === null || resp_bytes === null ? null : orig_bytes + resp_bytes,
    packets: orig_pkts === null || resp_pkts === null ? null : orig_pkts + resp_pkts,
  };
}

/** Without what is null, and objects that hold nothing else. */
function known(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value ?? undefined;
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, known(inner)] as const)
    .filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
