import { type Ballot, vote } from './vote.js';

/** What a member of a team does when rows are predicted. */
export default function helpVoting(ballot: Ballot): void {
  vote(ballot);
}
