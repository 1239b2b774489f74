import { aFlow, aKnock } from './fixtures/flows.js';
import type { Flow } from './flow.js';
import { featurizeFlow, flowFeatures } from './flow-features.js';
import { flowReasons, noveltyReason } from './flow-reasons.js';
import { FlowWindow } from './flow-window.js';
import { recordFields } from './record-fields.js';

const start = 1_600_000_000;

/** The sentence of each group for the last of the flows. */
function sentences(
  flows: readonly Flow[],
  context: FlowWindow | null = new FlowWindow(),
): Record<string, string> {
  const features = new Float64Array(flowFeatures.length);
  for (const flow of flows) featurizeFlow(flow, context, features);
  const values = recordFields.map((field) => flows.at(-1)![field]);
  const contributions = { base: 0, values: new Float64Array(flowFeatures.length).fill(1) };
  const reasons = flowReasons({ item: { values }, features, contributions });
  return Object.fromEntries(reasons.map(({ feature, text }) => [feature, text]));
}

/** Contributions that are 0 but for the features that are named. */
function contributionsOf(named: Readonly<Record<string, number>>): Float64Array {
  return Float64Array.from(flowFeatures, ({ name }) => named[name] ?? 0);
}

describe('the reasons of a flow', () => {
  it('tell of a scan by its hosts, port and time', () => {
    const scan = Array.from({ length: 40 }, (_, i) =>
      aKnock({ ts: start + i, id_resp_h: `10.0.1.${i}`, id_resp_p: 23 }),
    );
    expect(sentences(scan)).toMatchObject({
      scan: 'its source went to 40 hosts with port 23 in 60 s',
      failures: '40 of 40 connections of its source failed in 10 min',
      sameness: '100 % of 40 connections of its source in 10 min are to its service',
      outcome: 'no connection came about (S0: nobody answered)',
      port: 'it goes to port 23',
    });
  });

  it('tell of a scan by the ports of one host', () => {
    const scan = Array.from({ length: 12 }, (_, i) => aKnock({ ts: start + i, id_resp_p: 100 + i }));
    expect(sentences(scan).scan).toBe('its source went to 12 ports of this host in 60 s');
  });

  it('tell of a single host in the singular', () => {
    expect(sentences([aKnock({ id_resp_p: 23 })]).scan).toBe(
      'its source went to 1 host with port 23 in 60 s',
    );
  });

  it('tell what was sent and how long it took, in units', () => {
    const flow = aFlow({ orig_bytes: 1_234_567, resp_bytes: 340, orig_ip_bytes: null, duration: 3.14 });
    expect(sentences([flow]).size).toBe('it sent 1.2 MB and received 340 B in 3.1 s');
    expect(sentences([aFlow({ duration: null })]).size).not.toContain(' in ');
  });

  it('tell how regular connections to one port are', () => {
    const beacon = Array.from({ length: 20 }, (_, i) => aFlow({ ts: start + 30 * i }));
    expect(sentences(beacon).rhythm).toBe(
      'the gaps between connections to this port of this host vary by 0 %',
    );
  });

  it('are plain where a flow alone does not say it in numbers', () => {
    const alone = sentences([aKnock({ conn_state: 'S0', history: null, service: null })], null);
    expect(alone).toMatchObject({
      scan: 'how many hosts and ports its source went to',
      rhythm: 'the rhythm of connections to the same port',
      history: 'what happened in it, in order',
      service: 'the service that was spoken',
      context: 'nothing is known of what its source did before',
    });
    expect(Object.values(alone).join()).not.toMatch(/NaN|null|undefined/);
  });

  it('add up what the features of a group contribute', () => {
    const values = contributionsOf({ hostsShort: 0.25, portsLong: 0.5, isTcp: -1 });
    const features = new Float64Array(flowFeatures.length).fill(NaN);
    const reasons = flowReasons({ item: { values: [] }, features, contributions: { base: 0, values } });
    const of = (group: string) => reasons.find(({ feature }) => feature === group)!.contribution;
    expect([of('scan'), of('protocol'), of('size')]).toEqual([0.75, -1, 0]);
  });
});

describe('the reason of novelty', () => {
  const contributions = contributionsOf({ duration: 0.2, hostsLong: 0.5, hostsShort: 0.1, isTcp: -0.4 });

  it('says how unusual a flow is among how many, and by what', () => {
    expect(noveltyReason({ score: 0.71, quantile: 0.99957, rows: 97_123, contributions })).toEqual({
      feature: 'novelty',
      value: 0.71,
      contribution: 0,
      text:
        'nothing like it among the 97,123 flows the model learned from: more unusual than 99.95 % of them, by ' +
        'how many hosts and ports its source went to and how long it took and how much was sent',
    });
  });

  it('never rounds up to all of them, and says so where it is all', () => {
    const text = (quantile: number) => noveltyReason({ score: 0.8, quantile, rows: 9, contributions }).text;
    expect(text(0.999999)).toContain('than 99.99 % of them');
    expect(text(1)).toContain('than any of them');
  });
});
