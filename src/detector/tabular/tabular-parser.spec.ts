import { HeaderMismatchError } from '../detector.errors.js';
import { tinyContract, tinySource } from '../fixtures/tiny-contract.js';
import { describeValue, unknownCategory, valueEncoder } from './tabular-kind.js';
import { TabularParser } from './tabular-parser.js';

const contract = tinyContract();
const labelled = (): TabularParser => new TabularParser(contract, { label: 'required', ignoreColumns: [] });
const scored = (ignoreColumns: string[] = []): TabularParser =>
  new TabularParser(contract, { label: 'ignored', ignoreColumns });

describe('a parser of cells', () => {
  const parser = labelled();
  const binding = parser.bind(['Result', 'protocol', 'duration', 'having_IP']);

  it("gives a row's values in the contract's order, and its label", () => {
    expect(parser.parseCells(['-1', 'udp', '2.5', '1'], binding)).toEqual({
      item: { values: [1, 2.5, 'udp'] },
      label: 1,
    });
  });

  it('takes missing values, but no missing label', () => {
    expect(parser.parseCells(['1', '?', '', 'NA'], binding)).toEqual({
      item: { values: [null, null, null] },
      label: 0,
    });
    expect(parser.parseCells(['', 'udp', '1', '1'], binding)).toEqual([
      { path: 'Result', message: 'is ""; it must be -1, phishing (threat) or 1, legitimate (benign)' },
    ]);
  });

  it('names every fault of a row', () => {
    expect(parser.parseCells(['2', 'sctp', '-1', '1'], binding)).toEqual([
      { path: 'duration', message: 'is -1; it must lie between 0 and 100' },
      { path: 'protocol', message: 'is "sctp"; allowed are tcp, udp, icmp' },
      { path: 'Result', message: 'is "2"; it must be -1, phishing (threat) or 1, legitimate (benign)' },
    ]);
  });
});

describe('a parser of rows with split columns', () => {
  const of = tinyContract({
    group: { registeredDomain: 'url' },
    split: { ...tinySource.split, time: 'seen_at' },
  });
  const record = { having_IP: 1, duration: 2.5, protocol: 'udp', Result: 1 };
  const parser = new TabularParser(of, { label: 'required', ignoreColumns: [] });

  it('gives what they hold beside the values, from cells and records alike', () => {
    const parsed = { item: { values: [1, 2.5, 'udp'] }, label: 0, split: ['http://a.example/', 1468368000] };
    const binding = parser.bind(['url', 'seen_at', ...Object.keys(record)]);
    const cells = ['http://a.example/', '2016-07-13', '1', '2.5', 'udp', '1'];
    expect(parser.parseCells(cells, binding)).toEqual(parsed);
    expect(parser.parseRecord({ ...record, url: 'http://a.example/', seen_at: 1468368000 })).toEqual(parsed);
  });

  it('names their faults with those of the others', () => {
    expect(parser.parseRecord({ ...record, duration: -1, url: '', seen_at: 'soon' })).toEqual([
      { path: 'duration', message: 'is -1; it must lie between 0 and 100' },
      { path: 'url', message: 'is missing' },
      { path: 'seen_at', message: expect.stringContaining('is "soon"; it must be a time') },
    ]);
  });

  it('looks at none of them where rows are scored', () => {
    const scoring = new TabularParser(of, { label: 'ignored', ignoreColumns: [] });
    const parsed = { item: { values: [1, 2.5, 'udp'] }, label: null };
    expect(scoring.parseRecord(record)).toEqual(parsed);
    expect(scoring.parseRecord({ ...record, url: 'a b', seen_at: null })).toEqual(parsed);
  });
});

describe('a parser of records', () => {
  const record = { having_IP: -1, duration: 7, protocol: 'tcp' };

  it('takes keys in any order, one record after the other', () => {
    const parser = scored();
    const parsed = { item: { values: [-1, 7, 'tcp'] }, label: null };
    expect(parser.parseRecord(record)).toEqual(parsed);
    expect(parser.parseRecord({ protocol: 'tcp', having_IP: -1, duration: 7 })).toEqual(parsed);
    expect(parser.parseRecord(record)).toEqual(parsed);
    expect(parser.parseRecord({ Duration: 7, ip_address: -1, PROTOCOL: 'tcp' })).toEqual(parsed);
  });

  it('ignores a label where rows are only scored', () => {
    expect(scored().parseRecord({ ...record, Result: 'whatever' })).toEqual({
      item: { values: [-1, 7, 'tcp'] },
      label: null,
    });
  });

  it('looks at the keys of each record', () => {
    const parser = scored();
    parser.parseRecord(record);
    expect(() => parser.parseRecord({ ...record, host: 'a' })).toThrow(HeaderMismatchError);
    expect(() => parser.parseRecord({ having_IP: -1, duration: 7 })).toThrow(HeaderMismatchError);
    expect(parser.parseRecord(record)).toMatchObject({ item: { values: [-1, 7, 'tcp'] } });
  });

  it('does not take one key for two that read alike when joined', () => {
    const parser = scored();
    parser.parseRecord(record);
    expect(() => parser.parseRecord({ 'having_IP\u0000duration': -1, protocol: 'tcp' })).toThrow(
      HeaderMismatchError,
    );
    expect(() => parser.parseRecord({ 'having_IP","duration': -1, protocol: 'tcp' })).toThrow(
      HeaderMismatchError,
    );
  });

  it('takes __proto__ for a key like any other', () => {
    const hostile = JSON.parse(
      '{"__proto__": {"having_IP": 1}, "duration": 7, "protocol": "tcp", "having_IP": -1}',
    );
    expect(() => scored().parseRecord(hostile)).toThrow(HeaderMismatchError);
    expect(scored(['__proto__']).parseRecord(hostile)).toEqual({
      item: { values: [-1, 7, 'tcp'] },
      label: null,
    });
    expect(() => scored().parseRecord(Object.create(record) as Record<string, unknown>)).toThrow(
      HeaderMismatchError,
    );
  });

  it('takes typed values', () => {
    expect(scored().parseRecord({ having_IP: true, duration: [7], protocol: null })).toEqual([
      { path: 'having_IP', message: 'is true; it must be a number' },
      { path: 'duration', message: 'is [7]; it must be a number' },
    ]);
  });
});

describe('valueEncoder', () => {
  const [ip, duration, protocol] = contract.features.map((feature) => valueEncoder(feature));

  it('gives numbers as they are, categories as their place, NaN for missing', () => {
    expect([ip(-1), duration(2.5), protocol('tcp'), protocol('icmp')]).toEqual([-1, 2.5, 0, 2]);
    expect([ip(null), duration(null), protocol(null)]).toEqual([NaN, NaN, NaN]);
  });

  it('marks a category that the contract does not have (any more)', () => {
    expect(protocol('sctp')).toBe(unknownCategory);
  });
});

describe('describeValue', () => {
  const [ip, duration, protocol] = contract.features;

  it("has the contract's sentence for a listed value, else the value", () => {
    expect(describeValue(ip, -1)).toBe('the host is a bare IP address');
    expect(describeValue(protocol, 'udp')).toBe('over UDP');
    expect(describeValue(duration, 2.5)).toBe('seconds: 2.5');
    expect(describeValue(ip, null)).toBe('host of the address: not known');
  });
});
