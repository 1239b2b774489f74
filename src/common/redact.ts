/**
 * Takes credentials out of a text: whatever stands before the last `@` of a URL's authority. Greedy up to
 * the next blank or quote, because a password may itself hold `@`, `:` or `/`.
 */
export function redactSecrets(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s"'<>`]*@/gi, '$1***@');
}
