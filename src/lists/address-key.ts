import type { CanonicalUrl } from '../detector/url/canonical-url.js';

/**
 * What all spellings of one address have in common, to compare entries with: host, port, path with single slashes, and
 * query. No scheme, `www.`, userinfo or fragment, for none of them leads elsewhere.
 */
export function addressKey({ bareHost, port, path, query }: CanonicalUrl): string {
  const slashed = path.includes('//') ? path.replace(/\/{2,}/g, '/') : path;
  const place = slashed === '/' ? '' : slashed;
  return bareHost + (port === null ? '' : `:${port}`) + place + (query === '' ? '' : `?${query}`);
}

/** The same with the fragment, where pages of one document are told apart by it. */
export function fragmentKey(url: CanonicalUrl): string | null {
  return url.fragment === '' ? null : `${addressKey(url)}#${url.fragment}`;
}

/** The key of all orders of the address's parameters. */
export function orderlessKey(url: CanonicalUrl): string {
  return addressKey({ ...url, query: url.query.split('&').filter(Boolean).sort().join('&') });
}
