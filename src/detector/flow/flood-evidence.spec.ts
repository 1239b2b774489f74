import { findingsOf, start, times } from './fixtures/evidence.js';
import { aFlow, aKnock } from './fixtures/flows.js';

describe('who floods', () => {
  it('is named, and not whom it floods', () => {
    const flows = times(1500, (i) =>
      aKnock({ ts: start + i * 0.02, uid: `f${i}`, id_resp_h: '203.0.113.9', id_resp_p: 80 }),
    );
    const answers = times(50, (i) =>
      aFlow({ ts: start + i, id_orig_h: '203.0.113.9', id_resp_h: '203.0.113.8' }),
    );
    expect(findingsOf(flows, answers).sentences).toEqual([
      '192.168.1.7 floods 203.0.113.9:80 (1,500 tcp flows and 1,500 packets without an answer in 30 s)',
    ]);
  });

  it.each([
    [
      'bytes',
      { orig_pkts: 1_200_000, orig_bytes: 1.7e9, orig_ip_bytes: 1.74e9 },
      '1,200,000 packets and 1.7 GB',
    ],
    ['packets', { orig_pkts: 200_000, orig_bytes: 0, orig_ip_bytes: 5.6e6 }, '200,000 packets'],
  ])('by %s in a single flow is named', (_, amounts, words) => {
    const one = aKnock({ proto: 'udp', history: 'D', duration: 300, id_resp_p: 80, ...amounts });
    expect(findingsOf([one]).sentences).toEqual([
      `192.168.1.7 floods 203.0.113.5:80 (1 udp flow${words.includes('GB') ? ', ' : ' and '}${words} without an answer in 300 s)`,
    ]);
  });

  it('who sends its logs to a collector is not', () => {
    const logs = aKnock({
      ...{
        proto: 'udp',
        history: 'D',
        duration: 3600,
        orig_pkts: 9e6,
        orig_bytes: 4e9,
        orig_ip_bytes: 4.3e9,
      },
      ...{ id_resp_h: '192.168.1.9', id_resp_p: 514 },
    });
    expect(findingsOf([logs]).sentences).toEqual([]);
  });

  it('a client that is answered a thousand times a minute is not', () => {
    expect(findingsOf(times(1500, (i) => aFlow({ ts: start + i * 0.02 }))).sentences).toEqual([]);
  });
});
