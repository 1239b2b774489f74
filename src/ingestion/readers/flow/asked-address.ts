/** What a sensor saw of a request. */
export interface SeenRequest {
  /** The name in its `Host` header, with a port or not. */
  readonly host: unknown;
  /** What stands in the request line: a path, or a whole address where a proxy was asked. */
  readonly target: unknown;
  readonly method: unknown;
  /** Of the server. */
  readonly port: unknown;
  /** Address of the server. */
  readonly server: unknown;
}

/**
 * The address that a client asked for: scheme, host name and what stands in the request line.
 * @returns null where the log does not say
 */
export function requestedAddress({
  host: named,
  target: line,
  method,
  port,
  server,
}: SeenRequest): string | null {
  const target = typeof line === 'string' ? line : '';
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(target)) return target;
  if (method === 'CONNECT' && target !== '') return `https://${target}`;
  const host = typeof named === 'string' && named !== '' ? named : server;
  if (typeof host !== 'string') return null;
  return `http://${withPort(host, port, 80)}${target.startsWith('/') ? '' : '/'}${target}`;
}

/** The host that a client asked for by the name in its TLS greeting; null where it named none. */
export function greetedAddress(name: unknown, port: unknown): string | null {
  return typeof name === 'string' && name !== '' ? `https://${withPort(name, port, 443)}/` : null;
}

function withPort(host: string, port: unknown, usual: number): string {
  const isV6 = host.includes(':') && !host.startsWith('[') && host.indexOf(':') !== host.lastIndexOf(':');
  const name = isV6 ? `[${host}]` : host;
  const hasPort = !isV6 && /:\d+$/.test(name);
  return hasPort || typeof port !== 'number' || port === usual ? name : `${name}:${port}`;
}
