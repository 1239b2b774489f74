import { Buffer } from 'node:buffer';

/** Where a tracking server is, and how it is spoken to. The second is a secret: it goes into headers only. */
export interface TrackingServer {
  /** Without credentials and without a slash at the end; its path, if any, is kept. */
  readonly base: string;
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
}

export interface TrackingCredentials {
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
}

/**
 * Takes a tracking URI apart. Credentials may stand in the URI (`fetch` refuses them there) or beside it, where MLflow
 * looks for them too: a user name makes it basic authentication, a token alone bearer.
 * @throws TypeError where the URI is none
 */
export function trackingServer(uri: string, given: TrackingCredentials = {}): TrackingServer {
  const url = new URL(uri);
  const username = given.username ?? decodeURIComponent(url.username);
  const password = given.password ?? decodeURIComponent(url.password);
  const base = `${url.origin}${url.pathname}`.replace(/(?<!\/)\/+$/, '');
  if (username !== '') return { base, authorization: `Basic ${base64(`${username}:${password}`)}` };
  return { base, authorization: given.token === undefined ? undefined : `Bearer ${given.token}` };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
