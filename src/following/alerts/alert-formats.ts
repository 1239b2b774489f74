import type { Alert } from './alert.js';
import { cefAlert } from './cef.js';
import { ecsAlert } from './ecs.js';
import { plainAlert } from './plain.js';

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
