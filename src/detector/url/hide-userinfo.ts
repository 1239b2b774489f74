import { isUrlFault, parseUrl } from './canonical-url.js';

/**
 * An address as it may be shown to people who only look on: what stands before its `@` is often somebody's password.
 * Of a text that cannot be read as an address nothing before its last `@` is shown.
 */
export function hideUserinfo(text: string): string {
  if (!text.includes('@')) return text;
  const url = parseUrl(text);
  if (isUrlFault(url)) return `***${text.slice(text.lastIndexOf('@'))}`;
  if (url.userinfo === null) return text;
  const scheme = url.scheme === null ? '' : `${url.scheme}:`;
  return `${scheme}//***${url.text.slice('//'.length + url.userinfo.length)}`;
}
