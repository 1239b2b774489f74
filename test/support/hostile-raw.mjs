// Requests that are none, or not whole: bytes as they go over the wire.
import { Buffer } from 'node:buffer';

const pathOfScores = '/v1/score/phishing-website';
const chunked = 'transfer-encoding: chunked\r\n';

/**
 * @param {string} key
 * @returns {import('./hostile-requests.d.mts').HostileRequest[]}
 */
export function rawRequests(key) {
  const host = 'host: {host}\r\n';
  const auth = `x-api-key: ${key}\r\n`;
  const close = 'connection: close\r\n';
  const json = 'content-type: application/json\r\n';
  const usual = host + auth + close;
  const post = `POST ${pathOfScores} HTTP/1.1\r\n${usual}`;
  const get = (line, headers = usual) => `${line}\r\n${headers}\r\n`;
  const live = 'GET /health/live HTTP/1.1';

  /** What does not begin like a request, or is not one request: all of it is sent at once, and the sender waits. */
  const atOnce = {
    'a line of nothing': '\r\n\r\n\r\n',
    'a line of one word': get('GET'),
    'a line without a version': get('GET /health/live'),
    'a line with a version of nothing': get('GET /health/live HTTP/'),
    'a line with version 0.9': get('GET /health/live HTTP/0.9'),
    'a line with version 1.0': get('GET /health/live HTTP/1.0'),
    'a line with version 2.0': get('GET /health/live HTTP/2.0'),
    'a line with version 9.9': get('GET /health/live HTTP/9.9'),
    'a line with a blank too many': get('GET  /health/live  HTTP/1.1'),
    'a line with tabs': get('GET\t/health/live\tHTTP/1.1'),
    'a line in small letters': get('get /health/live http/1.1'),
    'a method of bytes': get('\x80\xff /health/live HTTP/1.1'),
    'a method of 5,000': get(`${'M'.repeat(5000)} / HTTP/1.1`),
    'a method that nobody knows': get('FROBNICATE / HTTP/1.1'),
    'a method of HTTP 2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'the method QUERY': get('QUERY /v1/admin/models HTTP/1.1'),
    'the method CONNECT': get('CONNECT 127.0.0.1:1 HTTP/1.1'),
    'a star': get('OPTIONS * HTTP/1.1'),
    'an address with a host': get('GET http://nobody.invalid/health/live HTTP/1.1'),
    'an address that is no path': get('GET health HTTP/1.1'),
    'an address of a fragment': get('GET /health/live#x HTTP/1.1'),
    'an address of two slashes': get('GET //health//live HTTP/1.1'),
    'an address of 20,000 slashes': get(`GET ${'/'.repeat(15_000)} HTTP/1.1`),
    'an address of 100 kB': get(`GET /${'a'.repeat(100_000)} HTTP/1.1`),
    'an address of bytes': get('GET /\xff\xfe\x80 HTTP/1.1'),
    'an address of a NUL': get('GET /a\0b HTTP/1.1'),
    'an address that cannot be decoded': get('GET /v1/score/%ZZ HTTP/1.1'),
    'an address that climbs': get('GET /docs/../../../../etc/passwd HTTP/1.1'),
    'an address that climbs in code': get('GET /docs/%2e%2e/%2e%2e/%2e%2e/package.json HTTP/1.1'),
    'an address that climbs in the other way': get('GET /docs/..\\..\\package.json HTTP/1.1'),
    'line feeds alone': 'GET /health/live HTTP/1.1\nhost: a\nconnection: close\n\n',
    'carriage returns alone': 'GET /health/live HTTP/1.1\rhost: a\r\r',
    'a folded header': get(live, `${host}x-a: b\r\n  c\r\n${close}`),
    'a header without a colon': get(live, `${host}nothing\r\n${close}`),
    'a header without a name': get(live, `${host}: a\r\n${close}`),
    'a header with a blank in its name': get(live, `${host}x a: b\r\n${close}`),
    'a header with a blank before its colon': get(live, `${host}x-a : b\r\n${close}`),
    'a header with a NUL': get(live, `${host}x-a: b\0c\r\n${close}`),
    'a header with a bell': get(live, `${host}x-a: \x07\x1b\r\n${close}`),
    'a header of 100 kB': get(live, `${host}x-a: ${'a'.repeat(100_000)}\r\n${close}`),
    'a header name of 20 kB': get(live, `${host}${'n'.repeat(20_000)}: a\r\n${close}`),
    '5,000 headers': get(live, `${host}${close}${'a: b\r\n'.repeat(5000)}`),
    'no host': get(live, close),
    'a host twice': get(live, `${host}${host}${close}`),
    'a length twice, the same': `${post}${json}content-length: 2\r\ncontent-length: 2\r\n\r\n{}`,
    'a length twice, not the same': `${post}${json}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`,
    'a length in a list': `${post}${json}content-length: 2, 2\r\n\r\n{}`,
    'a length below zero': `${post}${json}content-length: -1\r\n\r\n{}`,
    'a length with a sign': `${post}${json}content-length: +2\r\n\r\n{}`,
    'a length in hexadecimal': `${post}${json}content-length: 0x2\r\n\r\n{}`,
    'a length that is none': `${post}${json}content-length: two\r\n\r\n{}`,
    'a length beyond all': `${post}${json}content-length: ${'9'.repeat(30)}\r\n\r\n{}`,
    'a length of a terabyte': `${post}${json}content-length: 1099511627776\r\n\r\n{}`,
    'a length and chunks': `${post}${json}content-length: 2\r\n${chunked}\r\n2\r\n{}\r\n0\r\n\r\n`,
    'a chunk with a size that is none': `${post}${json}${chunked}\r\nZZ\r\n{}\r\n0\r\n\r\n`,
    'a chunk with a size below zero': `${post}${json}${chunked}\r\n-2\r\n{}\r\n0\r\n\r\n`,
    'a chunk with a size beyond all': `${post}${json}${chunked}\r\n${'f'.repeat(20)}\r\n{}\r\n0\r\n\r\n`,
    'a chunk longer than its size': `${post}${json}${chunked}\r\n1\r\n{}\r\n0\r\n\r\n`,
    'a chunk with 20 kB behind its size': `${post}${json}${chunked}\r\n2;${'e'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
    'chunks with trailers': `${post}${json}${chunked}trailer: x-api-key\r\n\r\n2\r\n{}\r\n0\r\nx-api-key: a\r\n\r\n`,
    'chunks of one byte, 5,000 of them': `${post}${json}${chunked}\r\n${'1\r\n \r\n'.repeat(5000)}2\r\n{}\r\n0\r\n\r\n`,
    'an encoding of chunks in chunks': `${post}${json}transfer-encoding: chunked, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    'an encoding that is none': `${post}${json}transfer-encoding: nothing\r\n\r\n{}`,
    'an encoding of gzip and chunks': `${post}${json}transfer-encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    'an encoding of chunks, hidden': `${post}${json}transfer-encoding: xchunked\r\ncontent-length: 2\r\n\r\n{}`,
    'an encoding with version 1.0': `POST ${pathOfScores} HTTP/1.0\r\n${usual}${json}${chunked}\r\n2\r\n{}\r\n0\r\n\r\n`,
    'a body that asks whether it may come': `${post}${json}expect: 100-continue\r\ncontent-length: 2\r\n\r\n{}`,
    'a body with GET': `GET /v1/admin/models HTTP/1.1\r\n${usual}${json}content-length: 2\r\n\r\n{}`,
    'a request behind a request': `GET /health/live HTTP/1.1\r\n${host}\r\nGET /v1/admin/keys HTTP/1.1\r\n${usual}\r\n`,
    '50 requests at once': `${`GET /health/live HTTP/1.1\r\n${host}\r\n`.repeat(50)}${get(live)}`,
    'a request hidden in a body': `${post}${json}content-length: 5\r\n\r\n{}\r\n\nGET /v1/admin/keys HTTP/1.1\r\n\r\n`,
    'a greeting of TLS': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'a greeting of SSH': 'SSH-2.0-OpenSSH_9.6\r\n',
    'a greeting of Redis': '*1\r\n$4\r\nPING\r\n',
    'a greeting of SMTP': 'EHLO a\r\n',
    '64 kB of NUL': '\0'.repeat(65_536),
    '64 kB of letters': 'A'.repeat(65_536),
  };
  const file = `POST ${pathOfScores}/file HTTP/1.1\r\n${usual}content-type: text/csv\r\n`;
  const push = `POST /v1/data/phishing-website HTTP/1.1\r\n${usual}content-type: text/csv\r\n`;
  const form = `POST ${pathOfScores}/file HTTP/1.1\r\n${usual}content-type: multipart/form-data; boundary=b\r\n`;
  const bundle = `POST /v1/admin/models/url/versions HTTP/1.1\r\n${usual}content-type: application/octet-stream\r\n`;

  /** What is not sent to its end: the sender hangs up. */
  const halves = {
    'half a line': 'GET /health',
    'a line alone': 'GET /health/live HTTP/1.1\r\n',
    'half a header': `GET /health/live HTTP/1.1\r\n${host}x-a`,
    'headers without an end': `GET /health/live HTTP/1.1\r\n${host}`,
    'half a JSON body': `${post}${json}content-length: 100\r\n\r\n{"record":`,
    'no JSON body': `${post}${json}content-length: 100\r\n\r\n`,
    'half a chunk': `${post}${json}${chunked}\r\n10\r\n{"rec`,
    'chunks without an end': `${post}${json}${chunked}\r\n2\r\n{}\r\n`,
    'half a file to score': `${file}content-length: 1000\r\n\r\nURL_Length\n1\n`,
    'chunks of a file to score, without an end': `${file}${chunked}\r\n4\r\na\n1\n\r\n`,
    'half a file to store': `${push}content-length: 1000\r\n\r\nURL_Length,Result\n1,-1\n`,
    'half a form': `${form}content-length: 1000\r\n\r\n--b\r\ncontent-disposition: form-data; name="f"; filename="f"\r\n\r\na\n`,
    'half the head of a form': `${form}content-length: 1000\r\n\r\n--b\r\ncontent-dis`,
    'half a bundle': `${bundle}content-length: 1000\r\n\r\nNWBUNDLE`,
    'half a body that asked': `${post}${json}expect: 100-continue\r\ncontent-length: 9\r\n\r\n`,
  };

  /** What comes a bit at a time, and whole. */
  const slow = {
    'a request of single bytes': [...get(live)],
    'a JSON body in bits': [`${post}${json}content-length: 12\r\n\r\n`, '{"rec', 'ord"', ':', '{}', '}'],
    'a file in bits': [`${file}content-length: 15\r\n\r\n`, 'URL_', 'Length', '\n', '1\n1', '\n'],
    'a form in bits': [
      `${form}content-length: 73\r\n\r\n`,
      '--b\r\ncontent-dis',
      'position: form-data; name="f"; filename="f"\r\n\r\n',
      'a\n',
      '\r\n--b--',
    ],
    'chunks in bits': [`${post}${json}${chunked}\r\n`, '2', '\r', '\n{', '}\r\n', '0\r\n', '\r\n'],
  };
  const raw = (name, pieces, changes = {}) => ({
    name: `raw: ${name}`,
    // What the answer is read by: none of these asks for its head alone.
    method: 'RAW',
    path: '',
    headers: [],
    pieces: () => pieces.map((piece) => Buffer.from(piece, 'latin1')),
    ...changes,
  });
  return [
    ...Object.entries(atOnce).map(([name, text]) =>
      // A body that is announced and does not come, or a beginning that could go on, is waited for: nobody does for long.
      raw(name, [text], waits.has(name) ? { endsEarly: true, mayBeCutOff: true } : {}),
    ),
    ...Object.entries(halves).map(([name, text]) =>
      raw(`${name}, and no more`, [text], { endsEarly: true, mayBeCutOff: true }),
    ),
    ...Object.entries(slow).map(([name, pieces]) => raw(name, pieces, { pauseMs: 20 })),
  ];
}

/** Of what is sent at once: after these a server has every right to wait for more. */
const waits = new Set([
  'a line of nothing',
  'carriage returns alone',
  'a length of a terabyte',
  'the method CONNECT',
  'a chunk with a size beyond all',
]);
