type Json = Readonly<Record<string, unknown>>;

/**
 * The address that a client asked for by an `http` event: scheme, host name and what stands in the request line, which
 * is a whole address where a proxy was asked.
 * @returns null where the event does not say
 */
export function urlOfHttp(event: Json): string | null {
  const http = event.http;
  if (typeof http !== 'object' || http === null) return null;
  const { hostname, url, http_port: named, http_method: method } = http as Json;
  const target = typeof url === 'string' ? url : '';
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(target)) return target;
  if (method === 'CONNECT' && target !== '') return `https://${target}`;
  const host = typeof hostname === 'string' && hostname !== '' ? hostname : event.dest_ip;
  if (typeof host !== 'string') return null;
  const port = typeof named === 'number' ? named : event.dest_port;
  return `http://${withPort(host, port, 80)}${target.startsWith('/') ? '' : '/'}${target}`;
}

/** The host that a client asked for by the name in its TLS greeting; null where it named none. */
export function urlOfTls(event: Json): string | null {
  const tls = event.tls;
  if (typeof tls !== 'object' || tls === null) return null;
  const { sni } = tls as Json;
  return typeof sni === 'string' && sni !== '' ? `https://${withPort(sni, event.dest_port, 443)}/` : null;
}

function withPort(host: string, port: unknown, usual: number): string {
  const isV6 = host.includes(':') && !host.startsWith('[') && host.indexOf(':') !== host.lastIndexOf(':');
  const name = isV6 ? `[${host}]` : host;
  const hasPort = !isV6 && /:\d+$/.test(name);
  return hasPort || typeof port !== 'number' || port === usual ? name : `${name}:${port}`;
}
