import { readUrlItem, UrlItem } from './url-item.js';

/**
 * An address as it may be shown to people who only look on: what stands before its `@` is often somebody's password.
 * Of a text that cannot be read as an address nothing before its last `@` is shown, and of one that carries an address
 * with something before its `@` nothing behind the host.
 */
export function hideUserinfo(text: string): string {
  if (!/@|%(?:25)*40/.test(text)) return text;
  const item = readUrlItem(text);
  if (!(item instanceof UrlItem) || item.links.length === 0) return `***${text.slice(text.lastIndexOf('@'))}`;
  const [{ url }, ...others] = item.links;
  if (others.some((link) => link.url.userinfo !== null)) return `//${url.bareHost}/***`;
  if (url.userinfo === null) return text;
  const scheme = url.scheme === null ? '' : `${url.scheme}:`;
  return `${scheme}//***${url.text.slice('//'.length + url.userinfo.length)}`;
}
