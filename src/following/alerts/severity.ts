import type { FindingKind } from '../../detector/flow/host-finding.js';
import type { VerdictName } from '../../registry/bundle/scoring-model.js';
import type { Alert } from './alert.js';

/** How bad what a host does is, of 10. A scan looks for a way in; a beacon says that someone may be in. */
const findingSeverity: Readonly<Record<FindingKind, number>> = {
  'vertical-scan': 6,
  'horizontal-scan': 6,
  'block-scan': 6,
  'password-guessing': 7,
  flood: 7,
  beacon: 7,
};

/** The range of each verdict: whatever the probability, a worse verdict is never less severe. */
const ranges: Readonly<Record<VerdictName, readonly [least: number, most: number]>> = {
  benign: [0, 3],
  suspicious: [4, 6],
  malicious: [7, 10],
};

/** 0 to 10, CEF's scale: of flows and addresses by the verdict, and within its range by the probability of a threat. */
export function severityOf(alert: Alert): number {
  if (alert.kind === 'host') return findingSeverity[alert.finding.kind];
  const [least, most] = ranges[alert.verdict];
  return Math.min(most, Math.max(least, Math.round(alert.probability * 10)));
}

/** Syslog's severity by the same scale: 3 error, 4 warning, 5 notice, 6 informational. */
export function syslogSeverityOf(alert: Alert): number {
  const severity = severityOf(alert);
  return severity >= 7 ? 3 : severity >= 4 ? 4 : severity >= 2 ? 5 : 6;
}
