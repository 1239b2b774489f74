import type { FlowEnds } from '../../lists/list-matcher.js';
import { listsOf } from '../../lists/fixtures/lists.js';
import { aFlowAlert, aHostAlert, aUrlAlert } from '../fixtures/alerts.js';
import { isSuppressed } from './suppression.js';

const soon = new Date(Date.now() + 3_600_000);

describe('an alert', () => {
  it.each([
    ['the host that began the flow', 'flow', (ends: FlowEnds) => ({ value: ends.source! })],
    ['the pair of the flow', 'flow', (ends: FlowEnds) => ({ value: `${ends.source} > ${ends.target}` })],
    ['the host of the finding', 'host', (ends: FlowEnds) => ({ value: ends.source! })],
  ] as const)('is kept back while an entry suppresses %s', async (_, kind, order) => {
    const alert = kind === 'flow' ? aFlowAlert() : aHostAlert();
    const ends =
      alert.kind === 'flow'
        ? { source: alert.flow.id_orig_h, target: alert.flow.id_resp_h, port: null, proto: null }
        : { source: alert.finding.host, target: null, port: null, proto: null };
    const lists = await listsOf([{ list: 'suppress', expiresAt: soon, ...order(ends) }]);
    expect(isSuppressed(lists, alert)).toBe(true);
    const over = await listsOf([{ list: 'suppress', expiresAt: soon, value: '198.51.100.77' }]);
    expect(isSuppressed(over, alert)).toBe(false);
  });

  it('of a finding is kept back by its kind, of an address by its domain or whoever asked for it', async () => {
    const found = aHostAlert();
    const kinds = await listsOf([{ list: 'suppress', expiresAt: soon, value: found.finding.kind }]);
    expect(isSuppressed(kinds, found)).toBe(true);
    expect(isSuppressed(kinds, aFlowAlert())).toBe(false);
    const asked = aUrlAlert();
    for (const value of [asked.asked.client!, asked.asked.url]) {
      const lists = await listsOf([{ list: 'suppress', expiresAt: soon, value }]);
      expect(isSuppressed(lists, asked)).toBe(true);
    }
  });

  it('is not kept back by what is allowed: that is no alert in the first place', async () => {
    const alert = aFlowAlert();
    const lists = await listsOf([{ list: 'allow', value: alert.flow.id_orig_h! }]);
    expect(isSuppressed(lists, alert)).toBe(false);
  });
});
