import { aFlow, aKnock } from './fixtures/flows.js';
import type { Flow } from './flow.js';
import { featurizeFlow, flowFeatures, windowFeatureNames } from './flow-features.js';
import { FlowWindow } from './flow-window.js';

function features(flow: Flow, context: FlowWindow | null = null): Record<string, number> {
  const out = new Float64Array(flowFeatures.length);
  featurizeFlow(flow, context, out);
  return Object.fromEntries(flowFeatures.map(({ name }, i) => [name, out[i]]));
}

const start = 1_600_000_000;

describe('a flow by itself', () => {
  it('is what it says', () => {
    expect(features(aFlow())).toMatchObject({
      isTcp: 1,
      isUdp: 0,
      isFailed: 0,
      isComplete: 1,
      portIsWeb: 1,
      portIsSystem: 1,
      toPrivate: 0,
      fromPrivate: 1,
      serviceIsSsl: 1,
      serviceIsDns: 0,
      duration: Math.log10(1.5),
      bytesSent: Math.log10(501),
      sentShare: 0.1,
      packetsSent: Math.log10(9),
      packetRate: Math.log10(35),
      historyOrigD: 1,
      historyRespF: 1,
      historyLength: 8,
    });
  });

  it('has NaN for what its log does not say', () => {
    const { duration, bytesSent, byteRate, isUnanswered, historyRepeats, portIsEphemeral } = features(
      aKnock({ conn_state: null, history: null, id_resp_p: null }),
    );
    expect([duration, bytesSent, byteRate, isUnanswered, historyRepeats]).toEqual([NaN, NaN, NaN, NaN, NaN]);
    expect(portIsEphemeral).toBe(0);
  });

  it('says that it has no context, and nothing of windows', () => {
    const values = features(aFlow());
    expect(values.hasContext).toBe(0);
    const others = windowFeatureNames.filter((name) => name !== 'hasContext');
    expect(others.every((name) => Number.isNaN(values[name]))).toBe(true);
    expect(features(aFlow({ ts: null }), new FlowWindow()).hasContext).toBe(0);
  });

  it('looks alike whether payload or frames were counted', () => {
    const framed = features(aFlow({ orig_bytes: 1032, orig_ip_bytes: 920 }));
    expect(framed.bytesSent).toBeCloseTo(Math.log10(1 + 920 - 8 * 40), 10);
  });

  it('counts letters by their side', () => {
    expect(features(aFlow({ history: 'ShAdDaTTtgR' }))).toMatchObject({
      historyRepeats: 3,
      historyGaps: 1,
      historyOrigR: 1,
      historyRespR: 0,
    });
  });
});

describe('features as a whole', () => {
  it('have names and meanings of their own', () => {
    expect(new Set(flowFeatures.map(({ name }) => name)).size).toBe(flowFeatures.length);
    expect(flowFeatures.every(({ meaning }) => meaning.length > 2)).toBe(true);
  });

  it('do not change with the network’s addresses or with the time of day', () => {
    const here = [aFlow(), aKnock({ ts: start + 9 }), aFlow({ ts: start + 20, id_resp_h: '203.0.113.77' })];
    const there = here.map((flow) => ({
      ...flow,
      ts: flow.ts! + 1e7,
      id_orig_h: '10.9.8.7',
      id_resp_h: flow.id_resp_h!.replace('203.0.113', '198.51.100'),
    }));
    const run = (flows: Flow[]) => {
      const context = new FlowWindow();
      return flows.map((flow) => features(flow, context));
    };
    expect(run(there)).toEqual(run(here));
  });

  it('are written from an offset on', () => {
    const out = new Float64Array(flowFeatures.length + 2).fill(7);
    featurizeFlow(aFlow(), null, out, 1);
    expect([out[0], out[1], out[out.length - 1]]).toEqual([7, 1, 7]);
  });
});

describe('a flow in its context', () => {
  it('is compared with what its source did', () => {
    const context = new FlowWindow();
    for (let i = 0; i < 30; i++)
      context.observe(aKnock({ ts: start + i, id_resp_h: `10.0.0.${i}`, id_resp_p: 23 }));
    const values = features(aKnock({ ts: start + 30, id_resp_h: '10.0.0.99', id_resp_p: 23 }), context);
    expect(values).toMatchObject({
      hasContext: 1,
      hostsShort: Math.log10(31),
      portsShort: 0,
      hostsOfPortShort: Math.log10(31),
      portsOfHostShort: 0,
      failedShareShort: 1,
      sameServiceShareShort: 1,
      sentShareShort: 0,
    });
  });
});
