/** A number as a reader takes it in. */
export function figure(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function counted(count: number, one: string): string {
  return `${figure(count)} ${Math.round(count) === 1 ? one : `${one}s`}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function listed(words: readonly string[]): string {
  return words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

export function bytesText(bytes: number): string {
  const unit = [
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const;
  // Rounded first, so that 999,999 bytes are 1.0 MB.
  const found = unit.find(([size]) => bytes >= size * 0.99995);
  return found ? `${(bytes / found[0]).toFixed(1)} ${found[1]}` : `${Math.round(bytes)} B`;
}

/** A period, to about two digits. */
export function spanText(seconds: number): string {
  if (seconds < 1) return 'less than 1 s';
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 600) return `${Math.round(seconds)} s`;
  if (seconds < 36_000) return `${Math.round(seconds / 60)} min`;
  return seconds < 4 * 86_400 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

export function endpointText(host: string | null, port: number | null): string {
  if (port === null) return String(host);
  return host?.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
