import { tinyContract } from '../../detector/fixtures/tiny-contract.js';
import { type Baseline, checksOf, reasonOf, type Seen } from './watch-verdict.js';

const rule = tinyContract().watch;
const of = (successes: number, trials: number): { successes: number; trials: number } => ({
  successes,
  trials,
});

const before: Baseline = { threats: of(400, 1000), precision: of(90, 100) };
/** What a version has seen that does as the one before: `changes` say where it does not. */
const seen = (changes: Partial<Seen> = {}): Seen => ({
  threats: of(400, 1000),
  precision: of(45, 50),
  previousThreats: of(200, 500),
  benignToThreat: 5,
  threatToBenign: 5,
  ...changes,
});
const left = (changes: Partial<Seen>, limits: Partial<typeof rule> = {}): string[] =>
  checksOf(before, seen(changes), { ...rule, ...limits })
    .filter((check) => check.left)
    .map(({ name }) => name);

describe('the checks of a promoted version', () => {
  it('tells values, references and intervals', () => {
    expect(checksOf(before, seen(), rule)).toEqual([
      {
        name: 'threat-rate',
        value: 0.4,
        reference: 0.4,
        interval: expect.any(Array),
        limit: 0.05,
        left: false,
      },
      {
        name: 'flip-rate',
        value: 0.02,
        reference: null,
        interval: expect.any(Array),
        limit: 0.1,
        left: false,
      },
      { name: 'precision', value: 0.9, reference: 0.9, interval: expect.any(Array), limit: 0.1, left: false },
    ]);
  });

  it('sees a version that calls everything a threat', () => {
    expect(left({ threats: of(1000, 1000), benignToThreat: 300, threatToBenign: 0 })).toEqual([
      'threat-rate',
      'flip-rate',
    ]);
  });

  it('sees one that calls nothing a threat', () => {
    expect(left({ threats: of(0, 1000), benignToThreat: 0, threatToBenign: 200 })).toEqual([
      'threat-rate',
      'flip-rate',
    ]);
  });

  it('takes a wave of threats that the previous version sees as well for what it is', () => {
    expect(left({ threats: of(900, 1000), previousThreats: of(450, 500) })).toEqual([]);
    // Without its word on the same records there is only the time before to compare with.
    const unknown = { previousThreats: of(0, 0), benignToThreat: 0, threatToBenign: 0 };
    expect(left({ threats: of(900, 1000), ...unknown })).toEqual(['threat-rate']);
  });

  it('counts flips that cancel each other', () => {
    expect(left({ benignToThreat: 60, threatToBenign: 60 })).toEqual(['flip-rate']);
    expect(left({ benignToThreat: 60, threatToBenign: 60 }, { maxFlipRate: 0.2 })).toEqual([]);
  });

  it('sees precision fall, and none of what a few labels may be by chance', () => {
    expect(left({ precision: of(20, 50) })).toEqual(['precision']);
    expect(left({ precision: of(1, 3) })).toEqual([]);
    expect(left({ precision: of(0, 0) })).toEqual([]);
    expect(left({ precision: of(20, 50) }, { precisionDrop: 0.4 })).toEqual([]);
  });

  it('decides nothing by fewer predictions than the contract says', () => {
    const bad = {
      threats: of(199, 199),
      previousThreats: of(80, 199),
      benignToThreat: 119,
      threatToBenign: 0,
    };
    expect(left(bad)).toEqual([]);
    expect(left(bad, { minPredictions: 199 })).toEqual(['threat-rate', 'flip-rate']);
  });

  it('says why with the numbers', () => {
    const checks = checksOf(
      before,
      seen({ threats: of(1000, 1000), benignToThreat: 300, threatToBenign: 0 }),
      rule,
    );
    expect(reasonOf(checks, 4, 1000)).toBe(
      'left the band of version 4 after 1000 predictions: ' +
        'threat-rate 1.000 against 0.400 (difference 0.552 to 0.645, allowed 0.05); ' +
        'flip-rate 0.600 (interval 0.533 to 0.663, allowed 0.1)',
    );
  });
});
