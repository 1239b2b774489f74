import { userInfo } from 'node:os';

/** The name that a command acts under in ledger, runs and keys. */
export function commandActor(): string {
  return `cli ${osUser()}`;
}

/** Containers may run under a number that no user has. */
function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
