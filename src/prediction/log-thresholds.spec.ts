import { LogThresholds } from './log-thresholds.js';

const contracted = { suspicious: 0.2, malicious: 0.5 };
const budget = { alertsAHostADay: 1, first: 0.3, most: 0.7 };
const cause = (key: number, at: number, host = 1) => ({ key: { high: 7, low: key }, host, at });

describe('the thresholds of a log', () => {
  it('are those of its first hour, and then the contract’s as long as the budget is kept', () => {
    const thresholds = new LogThresholds(contracted, budget);
    expect(thresholds.of(cause(1, 0), 0.25, true)).toEqual({ suspicious: 0.3, malicious: 0.5 });
    expect(thresholds.of(cause(1, 4000), 0.26, true)).toEqual(contracted);
    expect(thresholds.current).toEqual(contracted);
  });

  it('rise where more causes come than the budget has alerts for, and fall again as time goes on', () => {
    const thresholds = new LogThresholds(contracted, budget);
    for (let i = 0; i < 50; i++) thresholds.of(cause(i, 4000 + i), 0.4 + i / 1000, true);
    expect(thresholds.current.suspicious).toBe(0.45);
    expect(thresholds.of(cause(99, 5000), 0.44, true).suspicious).toBe(0.45);
    for (let day = 1; day <= 60; day++) thresholds.of(cause(99, day * 86_400), 0.1, true);
    thresholds.of(cause(100, 61 * 86_400), 0.21, true);
    expect(thresholds.current).toEqual(contracted);
  });

  it('stay the contract’s for a cause that has been an alert: it costs no other', () => {
    const thresholds = new LogThresholds(contracted, budget);
    expect(thresholds.of(cause(1, 0), 0.6, true).suspicious).toBe(0.3);
    for (let i = 2; i < 50; i++) thresholds.of(cause(i, 60), 0.55, true);
    expect(thresholds.current.suspicious).toBe(0.56);
    expect(thresholds.of(cause(1, 70), 0.21, true)).toEqual(contracted);
    expect(thresholds.of(cause(3, 70), 0.55, true).suspicious).toBe(0.56);
  });

  it('never rise above the most, and are not moved by what lists, rules and findings decide', () => {
    const thresholds = new LogThresholds(contracted, budget);
    for (let i = 0; i < 50; i++) thresholds.of(cause(i, 10), 0.9, false);
    expect(thresholds.current.suspicious).toBe(0.3);
    for (let i = 0; i < 50; i++) thresholds.of(cause(i, 20), 0.9, true);
    expect(thresholds.current).toEqual({ suspicious: 0.7, malicious: 0.7 });
  });
});
