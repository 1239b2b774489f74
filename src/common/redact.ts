/**
 * Takes credentials out of a text: the secrets of API keys, and whatever stands before the last `@` of a URL's
 * authority. Greedy up to the next blank or quote, because a password may itself hold `@`, `:` or `/`.
 */
export function redactSecrets(text: string): string {
  return text
    .replace(/(nw_[0-9a-f]{12}_)[\w-]+/g, '$1***')
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s"'<>`]*@/gi, '$1***@');
}
