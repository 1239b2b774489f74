import type { ChallengerMode } from '../registry/challenger-mode.js';
import type { ModelAliases } from '../registry/model-aliases.schema.js';
import type { LoadedVersion } from './loaded-version.js';
import type { Attempt } from './loaded-versions.service.js';

/** How a challenger stands. */
export interface ChallengerState {
  readonly version: number;
  readonly mode: ChallengerMode;
  readonly share: number;
  /** Why it is not tried although it should be. */
  readonly problem: string | null;
}

/** How a detector's serving stands, for readiness. */
export interface ServingState {
  readonly detector: string;
  /** What the alias says. */
  readonly champion: number | null;
  /** What answers. */
  readonly serving: number | null;
  /** Why they differ. */
  readonly problem: string | null;
  readonly challenger: ChallengerState | null;
}

/** Before the aliases were looked at. */
export function unseen(detector: string): ServingState {
  return { detector, champion: null, serving: null, problem: null, challenger: null };
}

/**
 * @param champion what came of loading it; likewise the challenger, null where it is not tried
 * @param answering the version that serves
 */
export function stateOf(
  aliases: ModelAliases,
  champion: Attempt | null,
  challenger: Attempt | null,
  answering: LoadedVersion | null,
): ServingState {
  const instead = answering ? `Version ${answering.version} goes on serving.` : 'There is no other to serve.';
  const alone = answering ? `Version ${answering.version} answers alone.` : 'Nothing answers.';
  return {
    detector: aliases._id,
    champion: aliases.champion,
    serving: answering?.version ?? null,
    problem: champion?.refusal ? `${champion.refusal} ${instead}` : null,
    challenger:
      aliases.challenger === null
        ? null
        : {
            version: aliases.challenger,
            mode: aliases.challengerMode,
            share: aliases.canaryShare,
            problem: challenger?.refusal ? `${challenger.refusal} ${alone}` : null,
          },
  };
}
