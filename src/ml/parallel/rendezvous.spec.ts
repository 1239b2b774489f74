import { Rendezvous } from './rendezvous.js';

describe('Rendezvous', () => {
  it('has the leader do all shares that nobody else takes', () => {
    const meeting = new Rendezvous(3);
    const done: number[] = [];
    expect(meeting.lead(0, (share) => void done.push(share))).toBe(true);
    expect(meeting.lead(1, (share) => void done.push(share))).toBe(true);
    expect(done).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('does not wait for a member that has failed', () => {
    const meeting = new Rendezvous(2);
    new Rendezvous(2, meeting.slots).fail();
    expect(meeting.lead(0, () => undefined)).toBe(false);
  });

  it('dismisses a member that comes late', () => {
    const meeting = new Rendezvous(2);
    meeting.lead(0, () => undefined);
    meeting.dismiss();
    const late = (): void => {
      throw new Error('there was nothing to do');
    };
    expect(() => new Rendezvous(2, meeting.slots).serve(late)).not.toThrow();
  });

  it('goes on when turns run over', () => {
    const meeting = new Rendezvous(2);
    let done = 0;
    for (const ticket of [0x7fffff02, -254, -1]) {
      meeting.slots[0] = ticket;
      expect(meeting.lead(0, () => void done++)).toBe(true);
    }
    expect(done).toBe(6);
  });
});
