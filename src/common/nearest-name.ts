/**
 * The known name that `name` was probably meant to be, for "did you mean ...?"; null when none is near.
 *
 * Names are compared without case and without separators (`URL-Length`, `url_length`). Near is an optimal
 * string alignment distance (insertions, deletions, substitutions, swaps of neighbours; Boytsov, 2011, "Indexing
 * methods for approximate dictionary searching") of at most a third of the longer name. Among equally near
 * names the first listed wins.
 */
export function nearestName(name: string, known: readonly string[]): string | null {
  const folded = fold(name);
  let nearest: string | null = null;
  let best = Infinity;
  for (const candidate of known) {
    const other = fold(candidate);
    const allowed = Math.floor(Math.max(folded.length, other.length) / 3);
    if (Math.abs(folded.length - other.length) > allowed) continue;
    const distance = alignmentDistance(folded, other);
    if (distance <= allowed && distance < best) [nearest, best] = [candidate, distance];
  }
  return nearest;
}

function fold(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_.-]+/g, '');
}

function alignmentDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current[j] = Math.min(last[j] + 1, current[j - 1] + 1, substituted);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) current[j] = Math.min(current[j], beforeLast[j - 2] + 1);
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length];
}
