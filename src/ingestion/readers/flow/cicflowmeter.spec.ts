import { Readable } from 'node:stream';
import type { FlowLogItem } from './flow-item.js';
import { openFlowLog } from './flow-log.js';

async function read(...lines: string[]) {
  const log = await openFlowLog(Readable.from([Buffer.from(lines.join('\n'))]));
  const items: FlowLogItem[] = [];
  for await (const batch of log.batches()) items.push(...batch);
  return { log, flows: items.flatMap((item) => (item.kind === 'flow' ? [item.flow] : [])) };
}

const version4 =
  'Flow ID,Src IP,Src Port,Dst IP,Dst Port,Protocol,Timestamp,Flow Duration,Tot Fwd Pkts,Tot Bwd Pkts,TotLen Fwd Pkts,TotLen Bwd Pkts,Flow Byts/s,Flow Pkts/s,Label';

describe("CICFlowMeter's CSV", () => {
  it('is read by the names of version 4, in microseconds and with the day first', async () => {
    const { log, flows } = await read(
      version4,
      '10.0.0.7-10.0.0.1-40000-80-6,10.0.0.7,40000,10.0.0.1,80,6,03/07/2017 08:55:58 PM,2500000,3,2,120,900,408,2,BENIGN',
    );
    expect(log.format).toBe('cicflowmeter');
    expect(flows[0]).toMatchObject({
      ts: Date.UTC(2017, 6, 3, 20, 55, 58) / 1000,
      id_orig_h: '10.0.0.7',
      id_resp_p: 80,
      proto: 'tcp',
      duration: 2.5,
      orig_pkts: 3,
      resp_bytes: 900,
      conn_state: null,
      label: 'benign',
    });
    expect(log.warnings).toEqual([
      'Columns known to be wrong are not read: Flow Byts/s, Flow Pkts/s.',
      'Whether day or month comes first in Timestamp its first rows do not show: the day is taken.',
    ]);
  });

  it('is read by the names of 2017 without hosts, with what repeats and what is broken named', async () => {
    const { log, flows } = await read(
      ' Destination Port, Flow Duration, Total Fwd Packets, Total Backward Packets,Total Length of Fwd Packets, Total Length of Bwd Packets,Flow Bytes/s, Fwd Header Length, Subflow Fwd Packets, Fwd Header Length, Label',
      '54865,0,2,0,12,0,Infinity,40,2,40,BENIGN',
      '54865,NaN,2,0,12,0,NaN,40,2,40,DDoS',
    );
    expect(
      flows.map(({ ts, id_orig_h, id_resp_p, duration, label }) => [
        ts,
        id_orig_h,
        id_resp_p,
        duration,
        label,
      ]),
    ).toEqual([
      [null, null, 54865, 0, 'benign'],
      [null, null, 54865, null, 'ddos'],
    ]);
    expect(log.warnings).toEqual([
      'Columns that occur twice are read once: Fwd Header Length.',
      'Columns known to be wrong are not read: Flow Bytes/s, Subflow Fwd Packets.',
      'The log lacks ts, id_orig_h, id_resp_h, proto: its flows are scored with less, each without the others of its host.',
    ]);
  });

  it('is read by the names of its Python port', async () => {
    const { flows } = await read(
      'src_ip,dst_ip,src_port,dst_port,protocol,timestamp,flow_duration,tot_fwd_pkts,tot_bwd_pkts,totlen_fwd_pkts,totlen_bwd_pkts',
      '10.0.0.7,10.0.0.1,5000,53,17,2021-06-01 12:00:00,1000,1,1,40,90',
    );
    expect(flows[0]).toMatchObject({ proto: 'udp', ts: Date.UTC(2021, 5, 1, 12) / 1000, duration: 0.001 });
  });

  describe('with dates that have slashes', () => {
    const header =
      'Src IP,Src Port,Dst IP,Dst Port,Protocol,Timestamp,Flow Duration,Tot Fwd Pkts,Tot Bwd Pkts,TotLen Fwd Pkts,TotLen Bwd Pkts,Label';
    const at = (time: string, label = 'Benign'): string =>
      `10.0.0.7,40000,10.0.0.1,80,6,${time},2500000,3,2,120,900,${label}`;
    const times = async (...texts: string[]) => {
      const { log, flows } = await read(header, ...texts.map((text) => at(text)));
      const iso = flows.map(({ ts }) => ts && new Date(ts * 1000).toISOString().slice(0, 19));
      return {
        iso,
        warnings: log.warnings,
        faults: log.tally.faults.map(({ line, problem }) => [line, problem]),
      };
    };

    it('reads a column month first where one of its first rows can be nothing else', async () => {
      const { iso, warnings } = await times('7/4/2017 3:30:00 PM', '7/25/2017 3:30:00 PM');
      expect(iso).toEqual(['2017-07-04T15:30:00', '2017-07-25T15:30:00']);
      expect(warnings).toEqual(['The dates of Timestamp are read month first, as its first rows show.']);
    });

    it('rejects dates and hours that there are not, which prove no order either', async () => {
      const { iso, faults } = await times(
        '7/25/2017 3:30:00 PM',
        '31/02/2017 03:30:00',
        '25/07/2017 27:75:00',
        '7/25/2017 13:00:00 PM',
      );
      expect(iso).toEqual(['2017-07-25T15:30:00']);
      expect(faults).toEqual([
        [3, 'ts is "31/02/2017 03:30:00", not a time'],
        [4, 'ts is "25/07/2017 27:75:00", not a time'],
        [5, 'ts is "7/25/2017 13:00:00 PM", not a time'],
      ]);
    });

    it('reads the spellings of one day-first data set alike', async () => {
      const { iso, warnings } = await times(
        '03/07/2017 08:55:58',
        '7/7/2017 3:30',
        '5/7/2017 8:42:42 AM',
        '13/07/2017 12:05:01 AM',
      );
      expect(iso).toEqual([
        '2017-07-03T08:55:58',
        '2017-07-07T03:30:00',
        '2017-07-05T08:42:42',
        '2017-07-13T00:05:01',
      ]);
      expect(warnings).toEqual([]);
    });

    it('refuses a column that mixes both orders', async () => {
      const { iso, warnings } = await times('7/25/2017 3:30', '25/7/2017 3:30');
      expect(iso).toEqual([null, null]);
      expect(warnings).toEqual([
        'Timestamp has dates with the day and dates with the month first: it is not read, and no order is known.',
      ]);
    });

    it('rejects a date in the other order behind what the order was known from', async () => {
      const many = Array.from({ length: 2000 }, () => '13/07/2017 12:05');
      const { faults } = await times(...many, '7/25/2017 3:30');
      expect(faults).toEqual([
        [2002, 'ts is "7/25/2017 3:30", with the month first unlike its column, not a time'],
      ]);
    });

    it('reads over headers in between, and the names of attacks with what became of their dashes', async () => {
      const attack = Buffer.from('Web Attack \x96 XSS', 'latin1');
      const bytes = Buffer.concat([
        Buffer.from(`${header}\n${at('13/07/2017 12:05', 'No Label')}\n${header}\n`),
        Buffer.from(at('13/07/2017 12:05', '')),
        attack,
        Buffer.from('\n'),
      ]);
      const log = await openFlowLog(Readable.from([bytes]));
      const labels: unknown[] = [];
      for await (const batch of log.batches())
        labels.push(...batch.flatMap((item) => (item.kind === 'flow' ? [item.flow.label] : [])));
      expect(labels).toEqual([null, 'web attack - xss']);
      expect(Object.fromEntries(log.tally.events)).toEqual({ header: 2 });
    });
  });

  it('rejects a row with another number of columns or without a host', async () => {
    const { log } = await read(
      version4,
      'x,10.0.0.7,1,10.0.0.1',
      'id,,40000,10.0.0.1,80,6,03/07/2017 08:55,1,1,1,1,1,1,1,BENIGN',
    );
    expect(log.tally.faults.map(({ line, code }) => [line, code])).toEqual([
      [2, 'WRONG_FIELD_COUNT'],
      [3, 'MISSING_FIELD'],
    ]);
  });
});
