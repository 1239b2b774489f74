/** One id of each kind that addresses name, of things that are there. */
export interface Ids {
  readonly run: string;
  readonly batch: string;
  readonly prediction: string;
  readonly listEntry: string;
  /** Of keys that nobody uses: they may be revoked. */
  readonly keys: readonly string[];
}

export interface Verdict {
  readonly id: string;
  readonly probability: number;
  readonly verdict: string;
  readonly reasons: readonly object[];
}

export interface Furniture {
  /** On a record of the phishing data, when nothing had happened yet. */
  readonly verdict: Verdict;
  /** `limited` is an admin's, of the detector `url` alone. */
  readonly keys: Readonly<Record<'admin' | 'limited' | 'viewer', string>>;
  readonly ids: Ids;
}

export function furnish(url: string, adminKey: string): Promise<Furniture>;
