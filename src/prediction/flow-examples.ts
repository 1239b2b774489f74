/** A line of conn.log in JSON, for the documentation: a connection that nobody answered. */
export const zeekExample = {
  ts: 1767322800.25,
  uid: 'CExample1',
  'id.orig_h': '192.168.1.7',
  'id.orig_p': 51000,
  'id.resp_h': '203.0.113.9',
  'id.resp_p': 23,
  proto: 'tcp',
  conn_state: 'S0',
  history: 'S',
  orig_pkts: 1,
  orig_ip_bytes: 60,
  resp_pkts: 0,
  resp_ip_bytes: 0,
};

/** A flow event of Suricata's EVE: an answered one. */
export const eveExample = {
  timestamp: '2026-01-02T03:00:05.500000+0000',
  flow_id: 1234567890123456,
  event_type: 'flow',
  src_ip: '192.168.1.8',
  src_port: 51001,
  dest_ip: '203.0.113.10',
  dest_port: 443,
  proto: 'TCP',
  app_proto: 'tls',
  flow: {
    pkts_toserver: 12,
    pkts_toclient: 14,
    bytes_toserver: 1800,
    bytes_toclient: 9600,
    start: '2026-01-02T03:00:00.000000+0000',
    end: '2026-01-02T03:00:05.500000+0000',
    state: 'closed',
  },
};
