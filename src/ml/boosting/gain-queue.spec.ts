import { Random } from '../random.js';
import { GainQueue } from './gain-queue.js';

describe('GainQueue', () => {
  it('gives the largest gain first, and of equal ones the first node', () => {
    const random = new Random(1);
    const gain = Float64Array.from({ length: 200 }, () => random.below(40));
    const queue = new GainQueue(gain);
    const taken: number[] = [];
    for (let node = 0; node < 200; node++) {
      queue.push(node);
      if (node % 10 === 9) taken.push(queue.pop());
    }
    expect(gain[taken[0]]).toBe(Math.max(...gain.slice(0, 10)));
    const rest = Array.from({ length: queue.size }, () => queue.pop());
    const wanted = [...gain.keys()].filter((node) => !taken.includes(node));
    expect(rest).toEqual(wanted.sort((a, b) => gain[b] - gain[a] || a - b));
  });

  it('forgets what it has', () => {
    const queue = new GainQueue(Float64Array.of(1, 2));
    queue.push(0);
    queue.clear();
    expect(queue.size).toBe(0);
  });
});
