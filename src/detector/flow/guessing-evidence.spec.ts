import type { Flow } from './flow.js';
import { findingsOf, start, times } from './fixtures/evidence.js';
import { aFlow } from './fixtures/flows.js';

describe('who guesses passwords', () => {
  const sessions = (count: number, gap: number, changes: (i: number) => Partial<Flow>): Flow[] =>
    times(count, (i) =>
      aFlow({
        ...{ ts: start + i * gap, id_orig_h: '203.0.113.9', id_resp_h: '198.51.100.3', id_resp_p: 22 },
        ...{ service: 'ssh', duration: 2, orig_bytes: 1500, resp_bytes: 1700 + (i % 7) * 20, ...changes(i) },
      }),
    );

  it.each([
    ['quickly', 30, 5, 22],
    ['slowly', 100, 800, 3389],
    ['from inside', 60, 10, 23],
  ])('%s is named', (how, count, gap, port) => {
    const inside = how === 'from inside' && { id_orig_h: '192.168.1.66', id_resp_h: '192.168.1.3' };
    const { findings, sentences } = findingsOf(sessions(count, gap, () => ({ id_resp_p: port, ...inside })));
    expect(findings.map(({ kind }) => kind)).toEqual(['password-guessing']);
    expect(sentences[0]).toMatch(
      new RegExp(` guesses passwords of 1[\\d.]+:${port} \\(${count} short sessions in `),
    );
  });

  it.each([
    [
      'who works on a machine is not',
      sessions(60, 60, (i) => ({ resp_bytes: 1000 * (i % 50), duration: i * 9 })),
    ],
    ['who looks for mail every minute is not', sessions(300, 60, () => ({ id_resp_p: 993 }))],
    [
      'a program that asks a database is not',
      sessions(900, 1, () => ({ id_orig_h: '10.0.0.2', id_resp_h: '10.0.0.3', id_resp_p: 5432 })),
    ],
  ])('%s', (_, flows) => {
    expect(findingsOf(flows).sentences).toEqual([]);
  });
});
