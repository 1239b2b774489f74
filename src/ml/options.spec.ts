import { between, integer, oneOf, option, readOptions } from './options.js';

const table = {
  depth: option<number | null>(null, integer(1, 9), oneOf(null)),
  rate: option(0.1, between(0, 1)),
};
const read = (given: Record<string, number | string | boolean | null>): unknown =>
  readOptions('random-forest', table, given);

describe('readOptions', () => {
  it('fills in the defaults', () => {
    expect(read({})).toEqual({ depth: null, rate: 0.1 });
    expect(read({ depth: 9 })).toEqual({ depth: 9, rate: 0.1 });
    expect(read({ depth: null, rate: 0.5 })).toEqual({ depth: null, rate: 0.5 });
  });

  it('names the learner, the option and what is allowed', () => {
    const wanted = 'random-forest: depth must be a whole number, 1 to 9 or null, got 10';
    expect(() => read({ depth: 10 })).toThrow(new RangeError(wanted));
    expect(() => read({ rate: 1 })).toThrow('rate must be a number between 0 and 1, got 1');
  });

  it.each([0, 1.5, '3', true, NaN])('refuses %p as a whole number', (depth) => {
    expect(() => read({ depth })).toThrow(RangeError);
  });

  it('refuses an option that the learner does not have, and lists those it has', () => {
    expect(() => read({ trees: 3 })).toThrow('there is no option "trees"; there are depth, rate');
    expect(() => read({ constructor: 3 })).toThrow('there is no option "constructor"');
  });
});
