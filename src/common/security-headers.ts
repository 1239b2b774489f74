import type { IncomingMessage, ServerResponse } from 'node:http';

/** Swagger UI has its styles in the page; its scripts and all the rest are files of this service. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What every answer carries, whichever route, error or parser gave it. */
export const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

const pairs = Object.entries(securityHeaders);

/** Sets them as early as there is an answer, so that no later refusal can go without. */
export function setSecurityHeaders(_request: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of pairs) response.setHeader(name, value);
}
