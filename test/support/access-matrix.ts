import { type Role, roles } from './guarded.js';

/** What `x-detectors` of the document may say; an array has the names of the detectors that the route is about. */
export type DetectorRule = 'all' | 'path' | 'query' | 'body' | 'own' | readonly string[];

/** An operation of the OpenAPI document. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly 'x-required-role'?: Role | 'public';
  readonly 'x-detectors'?: DetectorRule;
  readonly responses: Record<string, unknown>;
  readonly security?: object[];
}

/** The detector that the requests of the matrix name, and one that they do not. */
export const named = 'phishing-website';
export const another = 'url';
/** What keys of the matrix are limited to; null is every detector. */
export const scopes = [null, named, another] as const;
export type Scope = (typeof scopes)[number];

/** Whether a rule is one that the contract knows. */
export function isDetectorRule(rule: unknown): boolean {
  if (Array.isArray(rule)) return rule.length > 0 && rule.every((name) => typeof name === 'string');
  return ['all', 'path', 'query', 'body', 'own'].includes(rule as string);
}

/** The code by which a key is refused a route that is asked about the named detector; null where it is let through. */
export function refusal(operation: Operation, role: Role, scope: Scope): string | null {
  const { 'x-required-role': needed, 'x-detectors': detectors } = operation;
  if (needed === 'public') return null;
  if (!needed || roles.indexOf(role) < roles.indexOf(needed)) return 'ROLE_TOO_LOW';
  return scope === null || covers(scope, detectors) ? null : 'DETECTOR_OUT_OF_SCOPE';
}

function covers(scope: string, rule: DetectorRule | undefined): boolean {
  if (rule === undefined || rule === 'all') return false;
  if (rule === 'own') return true;
  return typeof rule === 'string' ? scope === named : rule.every((name) => name === scope);
}

/** An address about the named detector, and nothing else that is there: whoever is let through changes nothing. */
export function addressOf({ path, 'x-detectors': rule }: Operation): string {
  const filled = path
    .replace('{detector}', named)
    .replace('{version}', '999')
    .replaceAll(/\{\w+\}/g, 'nothing');
  return rule === 'query' ? `${filled}?detector=${named}` : filled;
}

/** A body about the named detector that no route takes: a run of it is asked for with a candidate that is not there. */
export const bodyOfNothing = { detector: named, candidates: ['nothing'] };
