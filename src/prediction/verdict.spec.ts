import type { Rule } from '../detector/kind.js';
import { ownVerdict } from './verdict.js';

const limit: Rule = {
  verdict: 'suspicious',
  feature: 'hosting',
  texts: ['x'],
  probability: null,
  isLimit: true,
};

describe('a rule that is a limit', () => {
  it.each([
    ['malicious', 'suspicious', limit],
    ['suspicious', 'suspicious', null],
    ['benign', 'benign', null],
  ] as const)('makes %s %s', (modelVerdict, verdict, rule) => {
    expect(ownVerdict(limit, modelVerdict, 0.7)).toEqual({ verdict, probability: 0.7, rule });
  });

  it('decides both ways where it is none', () => {
    const rule = { ...limit, isLimit: false };
    expect(ownVerdict(rule, 'benign', 0.1)).toEqual({ verdict: 'suspicious', probability: 0.1, rule });
  });
});
