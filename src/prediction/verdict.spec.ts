import type { Rule } from '../detector/kind.js';
import { ownVerdict } from './verdict.js';

const limit: Rule = {
  verdict: 'suspicious',
  feature: 'hosting',
  texts: ['x'],
  probability: null,
  limit: 'most',
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
    const rule = { ...limit, limit: undefined };
    expect(ownVerdict(rule, 'benign', 0.1)).toEqual({ verdict: 'suspicious', probability: 0.1, rule });
  });

  it.each([
    ['benign', 'suspicious'],
    ['suspicious', 'suspicious'],
    ['malicious', 'malicious'],
  ] as const)('that is the least makes %s %s', (modelVerdict, verdict) => {
    expect(ownVerdict({ ...limit, limit: 'least' }, modelVerdict, 0.3).verdict).toBe(verdict);
  });
});
