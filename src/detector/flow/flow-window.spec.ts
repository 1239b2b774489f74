import { aFlow, aKnock } from './fixtures/flows.js';
import { FlowWindow } from './flow-window.js';

const start = 1_600_000_000;
const at = (seconds: number, changes = {}) => aFlow({ ts: start + seconds, duration: 0, ...changes });

describe('windows', () => {
  it('hold what was over within 60 s and within 10 min', () => {
    const window = new FlowWindow();
    window.observe(at(0, { id_resp_h: '10.0.0.1' }));
    window.observe(at(500, { id_resp_h: '10.0.0.2' }));
    const facts = window.observe(at(550, { id_resp_h: '10.0.0.2', id_resp_p: 80 }));
    expect(facts?.short).toMatchObject({
      flows: 2,
      hosts: 1,
      ports: 2,
      portsOfHost: 2,
    });
    expect(facts?.long).toMatchObject({ flows: 3, hosts: 2, ports: 2, hostsOfPort: 1 });
    expect(window.observe(at(650))?.long.flows).toBe(3);
  });

  it('count a flow when it is over, not when it begins', () => {
    const window = new FlowWindow();
    window.observe(at(0, { duration: 1000 }));
    expect(window.observe(at(1010))?.short.flows).toBe(2);
  });

  it('belong to one source', () => {
    const window = new FlowWindow();
    window.observe(at(0));
    expect(window.observe(at(1, { id_orig_h: '192.168.1.8' }))).toMatchObject({ long: { flows: 1 } });
  });

  it('do not depend on the order of arrival within them', () => {
    const flows = Array.from({ length: 20 }, (_, i) =>
      at(i, { id_resp_h: `10.0.0.${i % 6}`, id_resp_p: 80 + (i % 4) }),
    );
    const last = at(25);
    const sums = [flows, [...flows].reverse()].map((order) => {
      const window = new FlowWindow();
      order.forEach((flow) => window.observe(flow));
      return { ...window.observe(last)?.long };
    });
    expect(sums[0]).toMatchObject({ flows: 21, hosts: 7, ports: 5 });
    expect(sums[1]).toEqual(sums[0]);
  });

  it('count exactly the last 100 flows of a source, whatever goes round', () => {
    const window = new FlowWindow();
    let facts = window.observe(at(0));
    for (let i = 1; i <= 350; i++)
      facts = window.observe(
        aKnock({ ts: start + i / 10, id_resp_h: `10.0.0.${i % 70}`, id_resp_p: i % 30 }),
      );
    expect(facts?.short).toMatchObject({ flows: 100, hosts: 70, ports: 30, failed: 100 });
  });

  it('say nothing of a flow without a time or a host', () => {
    expect(new FlowWindow().observe(aFlow({ ts: null }))).toBeNull();
    expect(new FlowWindow().observe(aFlow({ id_orig_h: null }))).toBeNull();
  });
});

describe('rhythm', () => {
  it('is the mean and the variation of the gaps of a pair', () => {
    const window = new FlowWindow();
    let facts = window.observe(at(0));
    expect(facts?.pair).toMatchObject({ flows: 1, gapMean: NaN, gapVariation: NaN });
    for (const seconds of [10, 30, 40, 60]) facts = window.observe(at(seconds));
    expect(facts?.pair.flows).toBe(5);
    expect(facts?.pair.gapMean).toBeCloseTo(15, 10);
    expect(facts?.pair.gapVariation).toBeCloseTo(5 / 15, 10);
    expect(facts?.pair.sizeVariation).toBe(0);
  });

  it('tells ports and protocols of a host apart', () => {
    const window = new FlowWindow();
    window.observe(at(0));
    expect(window.observe(at(1, { id_resp_p: 80 }))?.pair.flows).toBe(1);
    expect(window.observe(at(2, { proto: 'udp' }))?.pair.flows).toBe(1);
    expect(window.observe(at(3))?.pair.flows).toBe(2);
  });
});

describe('memory', () => {
  it('forgets the hosts not heard of lately and keeps the busy one', () => {
    const window = new FlowWindow({ hosts: 8, pairs: 8 });
    for (let i = 0; i < 1500; i++) {
      window.observe(at(i / 100, { id_orig_h: `10.0.${i >> 8}.${i & 255}` }));
      const facts = window.observe(at(i / 100, { id_orig_h: '192.168.1.7' }));
      expect(facts?.long.flows).toBe(Math.min(i + 1, 100));
    }
    expect(window.observe(at(16, { id_orig_h: '10.0.0.0' }))?.long.flows).toBe(1);
  });

  it('must be a power of two', () => {
    expect(() => new FlowWindow({ hosts: 1000 })).toThrow(RangeError);
  });
});
