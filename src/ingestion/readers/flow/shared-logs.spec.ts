import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { openFlowLog } from './flow-log.js';

const logs = new URL('../../../../../shared/data/logs/', import.meta.url);
const whenThere = existsSync(logs) ? describe : describe.skip;

async function account(name: string) {
  const log = await openFlowLog(createReadStream(new URL(name, logs)));
  for await (const batch of log.batches()) void batch;
  return log.tally;
}

const lineCount = (name: string): number =>
  readFileSync(new URL(name, logs), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '').length;

whenThere('logs that Zeek and Suricata wrote (skipped where ../shared is absent)', () => {
  it('every EVE event is accounted for', async () => {
    const tally = await account('suricata-eve.json');
    expect(tally.counts).toEqual({ flow: 155, url: 10, alert: 686, other: 649, fault: 0 });
    expect(tally.lines).toBe(lineCount('suricata-eve.json'));
    expect(Object.fromEntries(tally.events)).toEqual({ dns: 644, fileinfo: 2, anomaly: 3 });
  });

  it('every line of both logs of Zeek is accounted for', async () => {
    const [tsv, json] = [await account('zeek-conn-tsv.log'), await account('zeek-conn-json.log')];
    expect(tsv.counts).toEqual({ flow: 141, url: 0, alert: 0, other: 9, fault: 0 });
    expect(tsv.lines).toBe(lineCount('zeek-conn-tsv.log'));
    expect(json.counts).toEqual({ flow: 300, url: 0, alert: 0, other: 0, fault: 0 });
  });
});
