import type { PrunableState } from '../registry/version-pruning.service.js';
import { keepTag, type WholeVersion } from '../registry/versions.repository.js';

/** Whether a version is kept, and why or why not. */
export interface VersionDecision {
  readonly version: number;
  readonly createdAt: Date;
  readonly kept: boolean;
  readonly reasons: readonly string[];
  /** Of its bundle: what pruning it frees, 0 where another version has the same bundle. */
  readonly bytes: number;
}

/**
 * Which of a detector's versions are kept, newest first.
 * @param newest how many of the newest are kept whatever they are
 * @param reserved digests of bundles that open runs are about to make versions of
 */
export function decideVersions(
  state: PrunableState,
  newest: number,
  reserved: ReadonlySet<string>,
): VersionDecision[] {
  const decided = state.versions.map((version, place) => ({
    version,
    reasons: [...reasonsToKeep(version, state, reserved), ...(place < newest ? ['newest'] : [])],
  }));
  const held = new Set(
    decided.filter(({ reasons }) => reasons.length > 0).map(({ version }) => version.sha256),
  );
  return decided.map(({ version: { version, createdAt, sha256, size }, reasons }) => {
    const kept = reasons.length > 0;
    const bytes = held.has(sha256) ? 0 : size;
    // Of several that go with one bundle, the first is said to free it.
    held.add(sha256);
    return {
      version,
      createdAt,
      kept,
      reasons: kept ? reasons : [`not among the newest ${newest}`],
      bytes,
    };
  });
}

function reasonsToKeep(
  { version, tags = [], sha256 }: WholeVersion,
  { aliases, champions }: PrunableState,
  reserved: ReadonlySet<string>,
): string[] {
  const reasons: readonly (readonly [string, boolean])[] = [
    ['champion', version === aliases.champion],
    ['challenger', version === aliases.challenger],
    ['champion before', champions.has(version)],
    [`tag ${keepTag}`, tags.some(({ key }) => key === keepTag)],
    ['its run goes on', reserved.has(sha256)],
  ];
  return reasons.filter(([, holds]) => holds).map(([reason]) => reason);
}
