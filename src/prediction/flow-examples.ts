import type { SchemaObject } from '@nestjs/swagger';

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

const number = (description: string) => ({ type: 'number' as const, description });
const text = (description: string) => ({ type: 'string' as const, description });

/** A line of Zeek's conn.log as the document shows it; the names may have underscores for dots. */
const zeekFlow: SchemaObject = {
  type: 'object',
  description: "A line of Zeek's conn.log. Names may have underscores for dots; other members are read over.",
  required: ['ts', 'proto'],
  properties: {
    ts: {
      oneOf: [{ type: 'number' }, { type: 'string' }],
      description: 'Seconds since the epoch, or ISO 8601.',
    },
    uid: text('The name of the flow, for findings.'),
    'id.orig_h': text('The host that began it.'),
    'id.orig_p': number('Its port; for ICMP the type of message.'),
    'id.resp_h': text('The host at the other end.'),
    'id.resp_p': number('Its port; for ICMP the code of the message.'),
    proto: text('`tcp`, `udp` or `icmp`.'),
    service: text('What was spoken.'),
    duration: number('Seconds.'),
    orig_bytes: number('Bytes of payload that the originator sent.'),
    resp_bytes: number('Bytes of payload that the other end sent.'),
    conn_state: text("Zeek's state, as `SF` or `S0`."),
    missed_bytes: number('Bytes that the sensor missed.'),
    history: text('A letter an event; upper case is the originator.'),
    orig_pkts: number('Packets of the originator.'),
    orig_ip_bytes: number('Their bytes with IP headers.'),
    resp_pkts: number('Packets of the other end.'),
    resp_ip_bytes: number('Their bytes with IP headers.'),
  },
};

/** A flow event of Suricata's EVE as the document shows it. */
const eveFlow: SchemaObject = {
  type: 'object',
  description: "A flow event of Suricata's EVE. Other members are read over.",
  required: ['event_type', 'proto', 'flow'],
  properties: {
    event_type: { type: 'string', enum: ['flow'] },
    timestamp: text('When the flow was over, ISO 8601.'),
    flow_id: number('The name of the flow, for findings.'),
    src_ip: text('The host that began it.'),
    src_port: number('Its port.'),
    dest_ip: text('The host at the other end.'),
    dest_port: number('Its port.'),
    proto: text('`TCP`, `UDP` or `ICMP`.'),
    app_proto: text('What was spoken.'),
    flow: {
      type: 'object',
      properties: {
        pkts_toserver: number('Packets to the other end.'),
        pkts_toclient: number('Packets back.'),
        bytes_toserver: number('Their bytes with headers.'),
        bytes_toclient: number('Bytes back with headers.'),
        start: text('ISO 8601.'),
        end: text('ISO 8601.'),
        state: text('`new`, `established` or `closed`.'),
      },
    },
  },
};

export const flowSchema: SchemaObject = { anyOf: [zeekFlow, eveFlow] };
