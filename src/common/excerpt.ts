/**
 * The beginning of a text that came from elsewhere, for an error, a log line or the audit: whoever sends it must not
 * decide how much of them it fills.
 * @param length characters kept
 */
export function excerpt(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length} characters)`;
}
