import type { Flow } from './flow.js';
import { aFlow, aKnock } from './fixtures/flows.js';
import { FlowWindow } from './flow-window.js';
import { ruleOf, tooLittle } from './too-little.js';

const partly = { service: null, orig_bytes: 0, resp_bytes: 0 };

describe('of a flow too little was seen', () => {
  it.each<[string, Partial<Flow>]>([
    ['without a packet', { ...partly, conn_state: 'OTH', history: null, orig_pkts: 0, resp_pkts: 0 }],
    ['whose checksums the network card works out', { ...partly, conn_state: 'OTH', history: 'C' }],
    ['the same the other way round', { ...partly, conn_state: 'OTH', history: '^c' }],
    ['of which a late reset came', { ...partly, conn_state: 'RSTOS0', history: 'R' }],
    ['of which one acknowledgement came', { ...partly, conn_state: 'OTH', history: 'A' }],
    ['of which the ends came', { ...partly, conn_state: 'SHR', history: '^f' }],
    ['whose middle was seen, without payload', { ...partly, conn_state: 'OTH', history: '^aA' }],
  ])('%s', (_, changes) => {
    const rule = ruleOf(aFlow(changes), null);
    expect(rule).toMatchObject({ verdict: 'benign', probability: null });
    expect(rule?.texts[0]).toMatch(/^too little was seen: /);
  });

  it('that is one attempt to connect, whatever sensor logged it, unless its source failed before', () => {
    const window = new FlowWindow({ hosts: 64, pairs: 64 });
    expect(tooLittle(aKnock(), null)).toMatch(/one attempt/);
    expect(tooLittle(aKnock({ conn_state: null, history: null }), null)).toMatch(/one attempt/);
    expect(tooLittle(aKnock(), window.observe(aKnock()))).toMatch(/one attempt/);
    expect(tooLittle(aKnock(), window.observe(aKnock()))).toBeNull();
  });

  it.each<[string, Partial<Flow>]>([
    ['that was refused', { ...partly, conn_state: 'REJ', history: 'Sr', orig_pkts: 1, resp_pkts: 1 }],
    ['that began before the log and said something', { conn_state: 'OTH', history: 'DdA' }],
    ['of which one direction was seen', { conn_state: 'SH', history: 'SADF', resp_bytes: 0, resp_pkts: 0 }],
    ['over UDP without an answer', { proto: 'udp', conn_state: 'S0', history: 'D', resp_pkts: 0 }],
  ])('%s: enough', (_, changes) => {
    expect(ruleOf(aFlow(changes), null)).toBeNull();
  });
});
