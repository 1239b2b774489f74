import type { FindingKind } from '../../detector/flow/host-finding.js';
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

/** 0 to 10, CEF's scale; of flows and addresses ten times the probability of a threat. */
export function severityOf(alert: Alert): number {
  return alert.kind === 'host' ? findingSeverity[alert.finding.kind] : Math.round(alert.probability * 10);
}
