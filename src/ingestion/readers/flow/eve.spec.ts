import { eveItem } from './eve.js';
import { eveFlow } from './eve-flow.js';

const event = (tcp: object, flow: object = {}, changes: object = {}) => ({
  timestamp: '2021-06-06T16:00:00.000000+0200',
  flow_id: 12345,
  event_type: 'flow',
  src_ip: '10.0.0.7',
  src_port: 40000,
  dest_ip: '10.0.0.1',
  dest_port: 443,
  proto: 'TCP',
  app_proto: 'tls',
  flow: {
    pkts_toserver: 5,
    pkts_toclient: 4,
    bytes_toserver: 800,
    bytes_toclient: 1200,
    start: '2021-06-06T15:59:46.457984+0200',
    end: '2021-06-06T15:59:48.957984+0200',
    age: 2,
    state: 'closed',
    ...flow,
  },
  tcp,
  ...changes,
});

const silent = { pkts_toclient: 0, bytes_toclient: 0 };

describe('flow events', () => {
  it("become flows in Zeek's terms", () => {
    expect(eveFlow(event({ tcp_flags_ts: '1b', tcp_flags_tc: '1b' }))).toEqual({
      ts: 1622987986.457984,
      uid: '12345',
      id_orig_h: '10.0.0.7',
      id_orig_p: 40000,
      id_resp_h: '10.0.0.1',
      id_resp_p: 443,
      proto: 'tcp',
      service: 'ssl',
      duration: 2.5,
      orig_bytes: 800,
      resp_bytes: 1200,
      conn_state: 'SF',
      missed_bytes: null,
      history: 'ShADadFf',
      orig_pkts: 5,
      orig_ip_bytes: 730,
      resp_pkts: 4,
      resp_ip_bytes: 1144,
      label: null,
      detailed_label: null,
      local_orig: null,
      local_resp: null,
    });
  });

  it.each([
    ['S0', 'S', { tcp_flags_ts: '02', tcp_flags_tc: '00' }],
    ['REJ', 'Sr', { tcp_flags_ts: '02', tcp_flags_tc: '14' }],
    ['RSTOS0', 'SR', { tcp_flags_ts: '06', tcp_flags_tc: '00' }],
    ['SH', 'SF', { tcp_flags_ts: '03', tcp_flags_tc: '00' }],
    ['S1', 'ShAa', { tcp_flags_ts: '12', tcp_flags_tc: '12' }],
    ['S2', 'ShAaF', { tcp_flags_ts: '13', tcp_flags_tc: '12' }],
    ['S3', 'ShAaf', { tcp_flags_ts: '12', tcp_flags_tc: '13' }],
    ['RSTO', 'ShADaR', { tcp_flags_ts: '1e', tcp_flags_tc: '12' }],
    ['RSTR', 'ShAar', { tcp_flags_ts: '12', tcp_flags_tc: '16' }],
    ['SHR', 'h', { tcp_flags_ts: '10', tcp_flags_tc: '12' }],
    ['OTH', null, { tcp_flags_ts: '10', tcp_flags_tc: '10' }],
  ])('have the state %s and history %j of their flags', (state, history, tcp) => {
    expect(eveFlow(event(tcp))).toMatchObject({ conn_state: state, history });
  });

  it('have the state of their packets without flags', () => {
    const udp = { proto: 'UDP', app_proto: 'failed' };
    expect(eveFlow(event({}, {}, udp))).toMatchObject({ conn_state: 'SF', history: 'Dd', service: null });
    expect(eveFlow(event({}, silent, udp))).toMatchObject({ conn_state: 'S0', history: 'D' });
  });

  it('have type and code of ICMP for ports', () => {
    const ping = { proto: 'ICMP', icmp_type: 8, icmp_code: 0, src_port: undefined, dest_port: undefined };
    expect(eveFlow(event({}, {}, ping))).toMatchObject({
      proto: 'icmp',
      id_orig_p: 8,
      id_resp_p: 0,
      conn_state: 'OTH',
    });
  });

  it('are refused without their hosts', () => {
    expect(() => eveFlow(event({}, {}, { src_ip: undefined }))).toThrow('id_orig_h is missing');
    expect(() => eveFlow({ event_type: 'flow' })).toThrow('flow is missing');
  });
});

describe('other events', () => {
  const http = (fields: object, changes: object = {}) =>
    eveItem(
      {
        ...event({}),
        event_type: 'http',
        dest_port: 80,
        http: { hostname: 'example.org', ...fields },
        ...changes,
      },
      1,
    );

  it.each([
    ['http://example.org/a?b=1', { url: '/a?b=1' }, {}],
    ['http://example.org:8080/a', { url: '/a', http_port: 8080 }, {}],
    ['http://example.org:8081/a', { url: '/a' }, { dest_port: 8081 }],
    ['http://example.org:9000/a', { hostname: 'example.org:9000', url: '/a' }, { dest_port: 9000 }],
    ['http://other.test/x', { url: 'http://other.test/x' }, {}],
    ['https://other.test:443', { url: 'other.test:443', http_method: 'CONNECT' }, {}],
    ['http://10.0.0.1/', { hostname: undefined, url: '/' }, {}],
    ['http://[2001:db8::1]/', { hostname: '2001:db8::1' }, {}],
  ])('of HTTP give the address %s', (url, fields, changes) => {
    expect(http(fields, changes)).toMatchObject({
      kind: 'url',
      url,
      event: 'http',
      uid: '12345',
      client: '10.0.0.7',
    });
  });

  it('of TLS give the name that was asked for, if any', () => {
    const tls = (sni?: string, port = 443) =>
      eveItem({ ...event({}), event_type: 'tls', dest_port: port, tls: { sni } }, 3);
    expect(tls('example.org')).toMatchObject({ kind: 'url', url: 'https://example.org/' });
    expect(tls('example.org', 55443)).toMatchObject({ url: 'https://example.org:55443/' });
    expect(tls()).toEqual({ kind: 'other', line: 3, event: 'tls' });
  });

  it('of signatures become alerts by the flow', () => {
    const alert = { signature: 'ET SCAN', signature_id: 7, category: 'Misc', severity: 2, action: 'allowed' };
    expect(eveItem({ ...event({}), event_type: 'alert', alert }, 4)).toEqual({
      kind: 'alert',
      line: 4,
      uid: '12345',
      alert: { signature: 'ET SCAN', signatureId: 7, category: 'Misc', severity: 2, action: 'allowed' },
    });
  });

  it('are named and passed over', () => {
    expect(eveItem({ event_type: 'dns' }, 5)).toEqual({ kind: 'other', line: 5, event: 'dns' });
  });
});
