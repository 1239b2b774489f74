import type { Flow } from './flow.js';

/**
 * States of a connection that never came about: nobody answered, it was refused, or its originator broke off half way.
 * https://docs.zeek.org/en/current/scripts/base/protocols/conn/main.zeek.html
 */
const failedStates = new Set(['S0', 'REJ', 'RSTOS0', 'SH', 'RSTRH']);

/** States of a connection of which only the answers were seen: who began it is a guess. */
const halfSeenStates = new Set(['SHR', 'OTH', 'RSTRH']);

/** Whether nothing came of it. A flow without a state failed when nothing came back. */
export function isFailed(flow: Flow): boolean {
  if (flow.conn_state !== null) return failedStates.has(flow.conn_state);
  return flow.resp_pkts === 0;
}

/** Ports from which only servers send. Above them clients may send from any. */
const systemPorts = 1024;
const otherAnsweringPorts = new Set([1900, 3702, 5353, 5355]);

/**
 * Whether the sensor saw an answer and took its sender for the one who asked: a capture that began late, or one that
 * sees only one direction. The ports that a server answers to say nothing of what it does.
 */
export function isReversed(flow: Flow): boolean {
  if (flow.history?.includes('^')) return true;
  if (flow.conn_state !== null && halfSeenStates.has(flow.conn_state)) return true;
  if (flow.proto !== 'udp' || flow.id_orig_p === null || flow.id_resp_p === null) return false;
  const fromServer = flow.id_orig_p < systemPorts || otherAnsweringPorts.has(flow.id_orig_p);
  return fromServer && flow.id_resp_p >= systemPorts && flow.id_resp_p !== flow.id_orig_p;
}
