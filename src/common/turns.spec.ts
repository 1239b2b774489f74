import { jest } from '@jest/globals';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { nextTurn, Slice } from './turns.js';

describe('work that goes on for long', () => {
  it('goes on one a turn of the event loop, the first that waits first', async () => {
    const order: string[] = [];
    for (const name of ['a', 'b', 'c']) void nextTurn().then(() => order.push(name));
    const seen: string[] = [];
    for (let i = 0; i < 4; i++) {
      await turnOfTheLoop();
      seen.push(order.join(''));
    }
    expect(seen).toEqual(['a', 'ab', 'abc', 'abc']);
  });

  it('waits behind what waits already when it wants another turn', async () => {
    const order: string[] = [];
    const work = async (name: string): Promise<void> => {
      for (let i = 0; i < 3; i++) {
        await nextTurn();
        order.push(name);
      }
    };
    await Promise.all([work('a'), work('b')]);
    expect(order.join('')).toBe('ababab');
  });

  it('has a slice of its own after each turn', async () => {
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    const slice = new Slice();
    expect(slice.isOver).toBe(false);
    now += 20;
    expect(slice.isOver).toBe(true);
    await slice.next();
    expect(slice.isOver).toBe(false);
    clock.mockRestore();
  });
});
