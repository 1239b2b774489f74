/** What a key may do, each role also all that the ones before it may: read; score; push and train; all. */
export const roles = ['viewer', 'scorer', 'trainer', 'admin'] as const;
export type Role = (typeof roles)[number];

export function covers(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
