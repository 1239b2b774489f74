import type { Flow } from './flow.js';
import { findingsOf, start, times } from './fixtures/evidence.js';
import { aFlow, aKnock } from './fixtures/flows.js';
import { describeFinding } from './host-finding.js';

describe('who comes back like a clock', () => {
  const visits = (gap: (i: number) => number, changes: Partial<Flow> = {}) => {
    let ts = start;
    return times(24, (i) =>
      aFlow({ ts: (ts += gap(i)), uid: `b${i}`, id_resp_h: '198.51.100.4', ...changes }),
    );
  };

  it('is named with its interval', () => {
    const { findings } = findingsOf(visits((i) => 60 + (i % 3) - 1));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      kind: 'beacon',
      host: '192.168.1.7',
      target: '198.51.100.4',
      port: 443,
    });
    expect(findings[0].interval).toBeCloseTo(60, 0);
    expect(describeFinding(findings[0])).toBe(
      '192.168.1.7 beacons to 198.51.100.4:443 every 60 s (24 times in 23 min)',
    );
    expect(findings[0].parts.map(({ part }) => part)).toEqual(['regularity', 'sizes', 'persistence']);
  });

  it.each([
    ['1 s', 300, (i: number) => 1 + (i % 2) / 100],
    ['298 s', 40, (i: number) => 300 + ((i * 37) % 100) - 50],
    ['24 h', 9, (i: number) => 86_400 + (i % 3) * 600],
  ])('is named with an interval of %s', (interval, visitCount, gap) => {
    let ts = start;
    const { sentences } = findingsOf(
      times(visitCount, (i) =>
        aFlow({ ts: (ts += gap(i)), id_orig_h: 'fd00::5', id_resp_h: '2001:db8::4', id_resp_p: 8443 }),
      ),
    );
    expect(sentences).toEqual([expect.stringContaining(`beacons to [2001:db8::4]:8443 every ${interval} (`)]);
  });

  it('is named where each attempt is several, from new ports', () => {
    const retries = times(90, (i) =>
      aKnock({
        ...{ ts: start + Math.floor(i / 3) * 120 + (i % 3) * (i % 3) * 2, id_orig_p: 50_000 + i },
        ...{ id_resp_h: '203.0.113.201', id_resp_p: 8080, conn_state: 'REJ', history: 'Sr' },
      }),
    );
    expect(findingsOf(retries).sentences).toEqual([
      '192.168.1.7 beacons to 203.0.113.201:8080 every 120 s (30 times in 58 min)',
    ]);
  });

  it('is not named where most hosts inside do the same', () => {
    const many = times(200, (i) =>
      aFlow({ ts: start + i * 6, id_orig_h: `192.168.1.${i % 10}`, id_resp_h: '198.51.100.4' }),
    );
    expect(findingsOf(many).sentences).toEqual([]);
  });

  it.each([
    ['a person is not', visits((i) => [5, 90, 14, 300, 2][i % 5])],
    ['a watch within the network is not', visits(() => 60, { id_resp_h: '192.168.1.3' })],
    ['a clock that is set is not', visits(() => 64, { id_resp_p: 123, proto: 'udp' })],
    ['a transfer of many connections is not', visits(() => 1)],
    [
      'who comes from outside is not',
      visits(() => 60, { id_orig_h: '203.0.113.8', id_resp_h: '198.51.100.3' }),
    ],
    [
      'who looks whether the network is there is not',
      visits(() => 60, { orig_bytes: 0, resp_bytes: 0, history: 'ShAFf' }),
    ],
  ])('%s', (_, flows) => {
    expect(findingsOf(flows).sentences).toEqual([]);
  });
});
