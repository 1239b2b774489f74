import { Readable } from 'node:stream';
import { HeaderMismatchError } from '../detector/detector.errors.js';
import { openReader } from '../ingestion/readers/reader.js';
import { tinyBundle } from '../registry/bundle/fixtures/tiny-bundle.js';
import { type FileScoringOptions, FileScoringService } from './file-scoring.service.js';
import { loadedVersion, scoringWith, servingOf } from './fixtures/scoring.js';
import { ModelUnavailableError } from './prediction.errors.js';
import type { Served } from './served.js';

const champion = loadedVersion(3, tinyBundle('logistic'), new Date(0));
const get = (detector: string): Served => {
  if (detector !== 'tiny') throw new ModelUnavailableError(detector, 'train one');
  return { champion, trial: null };
};
const files = new FileScoringService(servingOf(get), scoringWith(get));

const header = 'having_IP;duration;protocol\n';

function endless(first: string, rest: string): Readable {
  return Readable.from(
    (function* () {
      yield Buffer.from(first);
      for (;;) yield Buffer.from(rest.repeat(1000));
    })(),
  );
}

async function score(text: string, options: FileScoringOptions = {}): Promise<string> {
  const { chunks } = await files.score('tiny', await openReader(Readable.from([Buffer.from(text)])), options);
  let out = '';
  for await (const chunk of chunks) out += chunk;
  return out;
}

describe('scoring a file', () => {
  it('gives every row back in its place, a bad one with its error', async () => {
    const lines = (await score(`${header}-1;5;tcp\n1;-1;sctp\n1;0\n1;0;tcp\n`)).split('\n');
    expect(lines[0]).toBe('having_IP;duration;protocol;verdict;probability;model_version;error');
    expect(lines[1]).toMatch(/^-1;5;tcp;malicious;0\.9\d+;3;$/);
    expect(lines[2]).toBe(
      '1;-1;sctp;;;;"line 3: duration is -1; it must lie between 0 and 100; ' +
        'protocol is ""sctp""; allowed are tcp, udp, icmp"',
    );
    expect(lines[3]).toMatch(/^"1;0";;;;;;line 4: /);
    expect(lines[4]).toMatch(/^1;0;tcp;benign;0\.0\d+;3;$/);
    expect(lines).toHaveLength(6);
  });

  it('gives JSON back as NDJSON, with reasons where they are wanted', async () => {
    const record = '{"having_IP": -1, "duration": 5, "protocol": "tcp"}\n';
    expect(JSON.parse(await score(record))).toMatchObject({ line: 1, verdict: 'malicious', reasons: [] });
    const { reasons } = JSON.parse(await score(record, { explain: true }));
    expect(reasons[0]).toMatchObject({ feature: 'having_IP' });
    expect(await score(record, { format: 'csv' })).toMatch(/\n-1,5,tcp,malicious,/);
  });

  it('goes through a file in pieces and tells how far it is', async () => {
    const reported: number[] = [];
    const out = await score(header + '1;0;tcp\n'.repeat(600), { onProgress: (rows) => reported.push(rows) });
    expect(reported).toEqual([256, 512, 600]);
    expect(out.trimEnd().split('\n')).toHaveLength(601);
  });

  it('gives a header back for a file without rows', async () => {
    expect(await score(header)).toBe('having_IP;duration;protocol;verdict;probability;model_version;error\n');
  });

  it('closes an input that does not fit, or for which there is no model', async () => {
    const stranger = endless('a,b\n', '1,2\n');
    await expect(files.score('tiny', await openReader(stranger))).rejects.toThrow(HeaderMismatchError);
    expect(stranger.destroyed).toBe(true);
    const homeless = endless(header, '1;0;tcp\n');
    await expect(files.score('dns', await openReader(homeless))).rejects.toThrow(ModelUnavailableError);
    expect(homeless.destroyed).toBe(true);
  });

  it('reads no more of an endless input than is asked for, and closes it when nobody wants more', async () => {
    const input = endless(header, '1;0;tcp\n');
    const { chunks } = await files.score('tiny', await openReader(input));
    let pieces = 0;
    for await (const chunk of chunks) if (chunk && ++pieces === 3) break;
    expect(input.destroyed).toBe(true);
  });
});
