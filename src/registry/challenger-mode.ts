/**
 * How a challenger is tried: not at all, on the same traffic behind the answers, or on a share of the traffic that it
 * answers itself.
 */
export const challengerModes = ['none', 'shadow', 'canary'] as const;
export type ChallengerMode = (typeof challengerModes)[number];

/** The modes in which a challenger sees traffic. */
export const trialModes = ['shadow', 'canary'] as const;
export type TrialMode = (typeof trialModes)[number];
