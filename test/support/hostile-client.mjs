// Sends hostile requests as they are. A client library would put half of them right, and refuse to send the rest.
import { Buffer } from 'node:buffer';
import { connect } from 'node:net';
import { clearTimeout, setTimeout } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {import('./hostile-requests.d.mts').HostileRequest} HostileRequest */
/** @typedef {import('./hostile-client.d.mts').Answer} Answer */

/**
 * Sends all, so many at a time, and gives each answer to `heard` as it comes.
 *
 * @param {string} url of the server
 * @param {readonly HostileRequest[]} requests
 * @param {{ atOnce?: number, limitMs?: number, heard: (request: HostileRequest, answer: Answer) => void }} options
 */
export async function sendAll(url, requests, { atOnce = 16, limitMs = 60_000, heard }) {
  const waiting = requests.values();
  const work = async () => {
    for (const request of waiting) heard(request, await send(url, request, limitMs));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/**
 * Sends one over a connection of its own. An answer of status 0 is none: the connection was cut, or nothing came in time.
 *
 * @param {string} url of the server
 * @param {HostileRequest} request
 * @param {number} limitMs
 * @returns {Promise<Answer>}
 */
export function send(url, request, limitMs) {
  const { hostname, port } = new URL(url);
  const start = performance.now();
  return new Promise((done) => {
    const socket = connect(Number(port), hostname);
    let received = Buffer.alloc(0);
    const end = (answer) => {
      clearTimeout(limit);
      socket.destroy();
      done({ ...answer, ms: performance.now() - start });
    };
    const none = (reason) =>
      end({ status: 0, headers: {}, body: '', reason: `${reason}: ${received.toString('latin1', 0, 200)}` });
    const limit = setTimeout(() => none(`nothing whole within ${limitMs} ms`), limitMs);
    socket.on('data', (piece) => {
      received = Buffer.concat([received, piece]);
      const answer = read(received, request.method, false);
      if (answer) end(answer);
    });
    const closed = (reason) => {
      const answer = read(received, request.method, true);
      if (answer) end(answer);
      else none(reason);
    };
    socket.on('error', (error) => closed(error.message));
    socket.on('close', () => closed('the connection was closed'));
    socket.on('connect', () => void write(socket, request, hostname, port));
  });
}

async function write(socket, { pieces, pauseMs = 0, endsEarly, ...request }, hostname, port) {
  const wire = pieces
    ? pieces().map((piece) => withHost(piece, hostname, port))
    : asWire(request, `${hostname}:${port}`);
  for (const piece of wire) {
    if (socket.destroyed) return;
    socket.write(piece);
    if (pauseMs > 0) await sleep(pauseMs);
  }
  if (endsEarly) socket.end();
}

/** Raw pieces name the host by a mark: the address is known only now. */
function withHost(piece, hostname, port) {
  return piece.includes('{host}')
    ? Buffer.from(piece.toString('latin1').replaceAll('{host}', `${hostname}:${port}`), 'latin1')
    : piece;
}

function asWire({ method, path, headers, body }, host) {
  const bytes = body?.() ?? null;
  const has = (name) => headers.some(([given]) => given === name);
  const all = [
    ...(has('host') ? [] : [['host', host]]),
    ...(has('connection') ? [] : [['connection', 'close']]),
    ...headers,
    ...(bytes && !has('content-length') && !has('transfer-encoding')
      ? [['content-length', bytes.length]]
      : []),
  ];
  const lines = [`${method} ${path} HTTP/1.1`, ...all.map(([name, value]) => `${name}: ${value}`), '', ''];
  const head = Buffer.from(lines.join('\r\n'), 'latin1');
  return bytes ? [head, bytes] : [head];
}

/** The first answer that is whole, behind what only says that there will be one; null where there is none yet. */
function read(received, method, isOver) {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [line, ...fields] = received.toString('latin1', 0, end).split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(line)?.[1]);
  const rest = received.subarray(end + 4);
  if (status === 100) return read(rest, method, isOver);
  const headers = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  const whole = (bytes) => ({ status, headers, body: bytes.toString('utf8') });
  if (method === 'HEAD' || status === 204 || status === 304 || status === 101) return whole(Buffer.alloc(0));
  if (headers['transfer-encoding'] === 'chunked') {
    const body = unchunked(rest);
    return body && whole(body);
  }
  const length = Number(headers['content-length'] ?? NaN);
  if (Number.isNaN(length)) return isOver ? whole(rest) : null;
  return rest.length >= length ? whole(rest.subarray(0, length)) : null;
}

function unchunked(bytes) {
  const parts = [];
  for (let at = 0; ;) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return null;
    const size = parseInt(bytes.toString('latin1', at, line), 16);
    if (size === 0) return Buffer.concat(parts);
    if (bytes.length < line + 2 + size + 2) return null;
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}

/**
 * What is wrong with an answer, in a sentence; null where it is honest: no 500 whatever was sent, and every refusal a
 * problem document that can be found in the log.
 *
 * @param {HostileRequest} request
 * @param {Answer} answer
 * @returns {string | null}
 */
export function faultOf(request, answer) {
  const { status, headers, body, reason } = answer;
  if (status === 0) return request.mayBeCutOff ? null : `got no answer (${reason})`;
  const said = `${status} ${body.slice(0, 300)}`;
  if (Number.isNaN(status)) return `got what is no answer: ${said}`;
  if (status < 400) return null;
  if (status === 503 && request.path.startsWith('/health/ready')) return null;
  // 501 and 505: what Node's parser may say of words and versions that it does not know.
  if (status >= 500 && ![501, 502, 503, 505].includes(status)) return `got ${said}`;
  if (!headers['content-type']?.startsWith('application/problem+json'))
    return `got no problem document (${headers['content-type'] ?? 'of no type'}): ${said}`;
  if (request.method === 'HEAD') return null;
  const problem = parsed(body);
  if (typeof problem?.requestId !== 'string' || problem.status !== status || typeof problem.code !== 'string')
    return `got a problem document without requestId, status or code: ${said}`;
  if (problem.code === 'OVERLOADED' && !headers['retry-after'])
    return `was sent away without retry-after: ${said}`;
  return null;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
