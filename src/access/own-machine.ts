import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { ForeignOriginError } from './access.errors.js';

/**
 * Where no keys are asked for, a web page open in a browser on this machine could send requests as its user. Refuses
 * what a browser sends for another site, and names that lead here but are not this machine's: a site can point its
 * own name at 127.0.0.1 (DNS rebinding).
 */
export function refuseForeignOrigins(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { host = '', origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = request.headers;
    if (!isOwnName(host)) return done(new ForeignOriginError(`the name '${host.slice(0, 100)}'`));
    if (origin !== undefined && hostOf(origin) !== host.toLowerCase()) {
      return done(new ForeignOriginError(`a page of ${origin.slice(0, 100)}`));
    }
    // A link from elsewhere may be followed: it only shows a page.
    const isLink = request.method === 'GET' && mode === 'navigate';
    const isForeign = site === 'cross-site' || site === 'same-site';
    return isForeign && !isLink ? done(new ForeignOriginError('a page of another site')) : done();
  });
}

/** Whether a `Host` header names this machine itself: `localhost` or a loopback address, with any port. */
function isOwnName(host: string): boolean {
  const name = host.replace(/:\d{1,5}$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || (isIP(name) === 4 && name.startsWith('127.'));
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}
