// What is sent where something else is expected. All of it is made here, from nothing, the same each time.
import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';

const boundary = 'XhostileX';
const zeekHeader = '#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\n';

/** Makes a body when it is sent, and once: many are large, and are sent to many routes. */
export function lazily(make) {
  let made;
  return () => (made ??= toBytes(make()));
}

function toBytes(text) {
  return Buffer.isBuffer(text) ? text : Buffer.from(text, 'utf8');
}

/** Objects in objects. */
export function nested(depth, inner = '1') {
  return '{"a":'.repeat(depth) + inner + '}'.repeat(depth);
}

/** Bodies that no route asks for, by name; `record` is one that it may ask for. */
export const oddBodies = {
  nothing: '',
  blank: ' \r\n\t ',
  null: 'null',
  true: 'true',
  'a number': '7',
  'minus zero': '-0',
  'a number beyond all': '1e400',
  'a number of 400 digits': '9'.repeat(400),
  'a text': '"text"',
  'an empty list': '[]',
  'a list of lists': '[[[]]]',
  'a list of nulls': '[null,null]',
  'an empty object': '{}',
  'half an object': '{"record":',
  'two objects': '{}{}',
  'a comment': '{/* */}',
  'a trailing comma': '{"a":1,}',
  'single quotes': "{'a':1}",
  NaN: '{"a":NaN}',
  'a byte order mark': Buffer.from('\uFEFF{}', 'utf8'),
  'UTF-16': Buffer.from('{"record":{}}', 'utf16le'),
  'a NUL byte': Buffer.from([0]),
  'NUL in a text': '{"a":"\\u0000","\\u0000":1}',
  'a raw NUL in a text': Buffer.from('{"a":"\0"}'),
  'bytes that are no UTF-8': Buffer.concat([
    Buffer.from('{"a":"'),
    Buffer.from([0xff, 0xfe, 0xc3, 0x28]),
    Buffer.from('"}'),
  ]),
  'a lone surrogate': '{"a":"\\ud800","\\udfff":1}',
  'a key twice': '{"a":1,"a":2}',
  '100,000 brackets': () => '['.repeat(100_000),
  '100,000 closed brackets': () => '['.repeat(100_000) + ']'.repeat(100_000),
  'objects 5,000 deep': () => nested(5000),
  'records 5,000 deep': () => `{"record":${nested(5000)},"records":null}`,
  '__proto__ as a key': '{"__proto__":{"admin":true},"role":"admin"}',
  '__proto__ of an array': '{"__proto__":[],"100000000":"1"}',
  '__proto__ that is null': '{"__proto__":null}',
  'constructor as a key': '{"constructor":{"prototype":{"admin":true}}}',
  'constructor that is a text': '{"constructor":"Date","prototype":1}',
  'prototype as a key': '{"prototype":{"isAdmin":true}}',
  'toString that is no function': '{"toString":1,"valueOf":{}}',
  'hasOwnProperty that is no function': '{"hasOwnProperty":1,"isPrototypeOf":null}',
  'then that looks like a promise': '{"then":1,"catch":{},"finally":[]}',
  'toJSON that is no function': '{"toJSON":"x","inspect":1}',
  'pipe and on like a stream': '{"pipe":1,"on":{},"_readableState":{"length":1}}',
  'length of an array': '{"length":4294967295}',
  'an operator': '{"$gt":""}',
  'an operator that runs code': '{"$where":"while(1){}","$function":{"body":"x"}}',
  '100,000 unknown keys': () => `{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":${i}`).join()}}`,
  'a text of 1 MB': () => `{"a":"${'x'.repeat(2 ** 20)}"}`,
  'a key of 1 MB': () => `{"${'k'.repeat(2 ** 20)}":1}`,
  '100,000 numbers': () => `[${'1,'.repeat(99_999)}1]`,
  '2,000 records of nothing': () => `{"records":[${'{},'.repeat(1999)}{}],"urls":null}`,
  '1,000 records of null': () => `{"records":[${'null,'.repeat(999)}null]}`,
  'one and many': '{"record":{},"records":[{}],"url":"a","urls":["a"],"flow":{},"flows":[{}]}',
};

/** Values, as JSON, for a field that wants something else. */
export const oddValues = {
  null: 'null',
  true: 'true',
  'a number': '12',
  'minus one': '-1',
  'a fraction': '0.5',
  'a number beyond all': '1e400',
  'a number with 400 digits': '9'.repeat(400),
  'a whole number that floats do not have': '9007199254740993',
  'an empty text': '""',
  'a blank': '" "',
  'a short text': '"x"',
  'a number in a text': '"12"',
  'an impossible date': '"0000-00-00"',
  'a date beyond all': '"+275760-09-13T00:00:00.001Z"',
  'a date of one digit': '"4"',
  'a text of 120 kB': () => JSON.stringify('a'.repeat(120_000)),
  'a text of 15,000 letters': () => JSON.stringify('q'.repeat(15_000)),
  'a text of 15,000 accents': () => JSON.stringify('e\u0301'.repeat(7500)),
  'an address of 15,000 dots': () => JSON.stringify(`http://${'a.'.repeat(7500)}com/`),
  'a text that ruins slow patterns': () => JSON.stringify(`${'a'.repeat(15_000)}!`),
  'blanks that ruin slow patterns': () => JSON.stringify(`x${' '.repeat(15_000)}x`),
  'NUL in a text': '"a\\u0000b"',
  'a lone surrogate': '"\\ud800"',
  'a path': '"../../etc/passwd"',
  'a name of Object': '"__proto__"',
  'another name of Object': '"constructor"',
  'an empty list': '[]',
  'a list': '["a"]',
  'a list of lists': '[[]]',
  'a list of nulls': '[null]',
  'a list of 100,000': () => `[${'"a",'.repeat(99_999)}"a"]`,
  'an empty object': '{}',
  'an operator': '{"$gt":""}',
  'an operator in a list': '[{"$ne":null}]',
  'an object that is no text': '{"toString":1,"valueOf":1}',
  'an object of prototypes': '{"__proto__":{"length":1},"constructor":{"name":"x"}}',
  'objects 5,000 deep': () => nested(5000),
};

/** Values for a part of a path, as they stand in it. */
export const oddSegments = {
  'an unknown name': 'nothing-like-it',
  'a name of Object': '__proto__',
  'another name of Object': 'constructor',
  'a method of Object': 'hasOwnProperty',
  'a method of all': 'toString',
  dots: '..',
  'encoded dots': '%2e%2e',
  'encoded dots and slashes': '..%2f..%2f..%2fetc%2fpasswd',
  'encoded backslashes': '..%5c..%5cwindows',
  'an encoded slash': 'a%2Fb',
  'an encoded question mark': 'a%3Fb',
  'a NUL': '%00',
  'a NUL behind a name': 'url%00',
  'a code that is none': '%ZZ',
  'half a code': '%',
  'bytes that are no UTF-8': '%ff%fe',
  'an overlong slash': '%c0%af',
  'a lone surrogate': '%ed%a0%80',
  'a blank': '%20',
  'nothing at all': '',
  'a line break': 'a%0d%0aX-Injected:%20yes',
  'letters of the right size': 'A'.repeat(36),
  '15,000 letters': 'z'.repeat(15_000),
  '3,000 codes': '%41'.repeat(3000),
  zero: '0',
  'minus one': '-1',
  'a fraction': '1.5',
  'a number beyond all': '1e400',
  'a whole number beyond all': '9'.repeat(40),
  hexadecimal: '0x1',
  'not a number': 'NaN',
  'a number and more': '1abc',
  'an operator': '%7B%22$gt%22:%22%22%7D',
  'a star': '*',
  'a semicolon': 'url;a=b',
  'an emoji': '%F0%9F%92%A3',
  'right to left': '%E2%80%AEurl',
  'a raw high byte': 'caf\u00e9',
};

/** Queries for a parameter, each as a function of its name. */
export const oddQueries = {
  empty: (name) => `${name}=`,
  bare: (name) => name,
  twice: (name) => `${name}=1&${name}=2`,
  'a list': (name) => `${name}[]=1&${name}[]=2`,
  'an object': (name) => `${name}[$gt]=`,
  'an object in JSON': (name) => `${name}=%7B%22$gt%22%3A%22%22%7D`,
  'a property of prototypes': (name) => `${name}[__proto__][x]=1`,
  '15 kB': (name) => `${name}=${'a'.repeat(15_000)}`,
  '10,000 digits': (name) => `${name}=${'9'.repeat(10_000)}`,
  'a comma': (name) => `${name}=,`,
  '3,000 commas': (name) => `${name}=${','.repeat(3000)}`,
  'a year of one digit': (name) => `${name}=4`,
  'an impossible date': (name) => `${name}=0000-00-00`,
  'a day that is not in the calendar': (name) => `${name}=2026-02-31`,
  'a date beyond all': (name) => `${name}=%2B275760-09-13T00:00:00.001Z`,
  'a date before all': (name) => `${name}=-271821-04-19`,
  'a negative number': (name) => `${name}=-1`,
  zero: (name) => `${name}=0`,
  'a number beyond all': (name) => `${name}=1e400`,
  'a whole number beyond all': (name) => `${name}=9007199254740993`,
  'a fraction': (name) => `${name}=0.5`,
  NaN: (name) => `${name}=NaN`,
  Infinity: (name) => `${name}=Infinity`,
  'a NUL': (name) => `${name}=%00`,
  'a code that is none': (name) => `${name}=%ZZ`,
  'bytes that are no UTF-8': (name) => `${name}=%ff%fe`,
  'a name of Object': (name) => `${name}=__proto__`,
  'another name of Object': (name) => `${name}=constructor`,
  'a pattern': (name) => `${name}=(a%2B)%2B%24`,
  'a colon': (name) => `${name}=:`,
  'a line break': (name) => `${name}=a%0d%0ab`,
  'the name in capitals': (name) => `${name.toUpperCase()}=1`,
};

/** Queries that have nothing to do with what a route knows. */
export const strangeQueries = {
  'an unknown name': 'unknown=1',
  __proto__: '__proto__=1&__proto__[x]=2',
  constructor: 'constructor=1&constructor[prototype][x]=1',
  '1,000 names': Array.from({ length: 1000 }, (_, i) => `n${i}=`).join('&'),
  '5,000 ampersands': '&'.repeat(5000),
  'question marks': '???',
  'a name that is no code': '%ZZ=1',
  'an empty name': '=1',
  'a page beyond all': 'page=1e400&pageSize=-1',
  'the last page that there could be': 'page=1000000&pageSize=200',
  'pages twice': 'page=1&page=2&pageSize=1&pageSize=2',
  'a detector of nobody': 'detector=nothing',
  'detectors, several': 'detector=url&detector=network-flow',
  'a detector that is a list': 'detector[]=url',
  'a detector of Object': 'detector=__proto__',
};

/** Types of a body, each with whether it names what is in it rightly. */
export const oddTypes = {
  none: null,
  empty: '',
  'of plain text': 'text/plain',
  'of CSV': 'text/csv',
  'of CSV with a header': 'text/csv; header=present',
  'of bytes': 'application/octet-stream',
  'of lines': 'application/x-ndjson',
  'of a form': 'application/x-www-form-urlencoded',
  'of XML': 'application/xml',
  'of YAML': 'application/yaml',
  'of a problem': 'application/problem+json',
  'of JSON by another name': 'text/json',
  'of JSON in capitals': 'APPLICATION/JSON',
  'of JSON in UTF-16': 'application/json; charset=utf-16',
  'of JSON in a charset that is none': 'application/json; charset=\u00ff',
  'of JSON with 5,000 parameters': `application/json${'; a=b'.repeat(1000)}`,
  'of JSON with an open quote': 'application/json; charset="utf-8',
  'of JSON and text': 'application/json, text/plain',
  'of parts, with a boundary': `multipart/form-data; boundary=${boundary}`,
  'of parts, without a boundary': 'multipart/form-data',
  'of parts, with an empty boundary': 'multipart/form-data; boundary=',
  'of parts, with a boundary of 5,000': `multipart/form-data; boundary=${'b'.repeat(5000)}`,
  'of other parts': `multipart/mixed; boundary=${boundary}`,
  'without a slash': 'json',
  'of a star': '*/*',
  'of a slash': '/',
  'of a name of Object': '__proto__',
  'of another name of Object': 'constructor',
  'of a picture': 'image/png',
  'of gzip': 'application/gzip',
};

/** Headers beside a request that would do. A name that stands twice is sent twice. */
export const oddHeaders = {
  'a host of nobody': [['host', 'nobody.invalid']],
  'a host with a path': [['host', 'a/b?c']],
  'a host of 5,000': [['host', 'h'.repeat(5000)]],
  'an empty host': [['host', '']],
  'two hosts': [
    ['host', 'a'],
    ['host', 'b'],
  ],
  'a request id of 10 kB': [['x-request-id', 'r'.repeat(10_000)]],
  'a request id with controls': [['x-request-id', 'a\tb\u001b[31m']],
  'a request id like markup': [['x-request-id', '<script>alert(1)</script>']],
  'two request ids': [
    ['x-request-id', 'one'],
    ['x-request-id', 'two'],
  ],
  'a header of 12 kB': [['x-long', 'l'.repeat(12_000)]],
  'a header of 40 kB': [['x-long', 'l'.repeat(40_000)]],
  '300 headers': Array.from({ length: 300 }, (_, i) => [`x-h${i}`, `${i}`]),
  'nothing accepted': [['accept', 'application/nothing']],
  'a broken accept': [['accept', ';;q=,,/']],
  'an accept of 10 kB': [['accept', 'text/html,'.repeat(1000)]],
  'an accept of Object': [['accept', '__proto__']],
  'an event id that is none': [['last-event-id', 'abc']],
  'an event id below zero': [['last-event-id', '-1']],
  'an event id beyond all': [['last-event-id', '9'.repeat(400)]],
  'an idempotency key of 10 kB': [['idempotency-key', 'i'.repeat(10_000)]],
  'an empty idempotency key': [['idempotency-key', '']],
  'two idempotency keys': [
    ['idempotency-key', 'a'],
    ['idempotency-key', 'b'],
  ],
  'an idempotency key of Object': [['idempotency-key', '__proto__']],
  'a canary key of 10 kB': [['x-canary-key', 'c'.repeat(10_000)]],
  'if-match': [['if-match', '"nothing"']],
  'if-none-match': [['if-none-match', '*']],
  'if-modified-since, in no calendar': [['if-modified-since', 'Mon, 99 Foo 0000 99:99:99 GMT']],
  'a range': [['range', 'bytes=0-0,-1,5-2']],
  'a range beyond all': [['range', `bytes=${'0-1,'.repeat(2000)}`]],
  'another method to be taken': [['x-http-method-override', 'DELETE']],
  'another address to be taken': [
    ['x-original-url', '/v1/admin/keys'],
    ['x-rewrite-url', '/v1/admin/keys'],
  ],
  'forwarded by everybody': [
    ['x-forwarded-for', '1,'.repeat(1000)],
    ['forwarded', 'for="'],
  ],
  'a content encoding that is none': [['content-encoding', 'nothing']],
  'a content encoding of gzip': [['content-encoding', 'gzip']],
  'a cookie of 10 kB': [['cookie', `a=${'c'.repeat(10_000)}`]],
  'an upgrade': [
    ['connection', 'upgrade'],
    ['upgrade', 'websocket'],
  ],
  'an upgrade to HTTP 2': [
    ['connection', 'upgrade, http2-settings'],
    ['upgrade', 'h2c'],
    ['http2-settings', ''],
  ],
  'an expectation that is none': [['expect', 'the-unexpected']],
  'a te that is none': [['te', 'trailers, gzip;q=x']],
  'an origin': [
    ['origin', 'null'],
    ['access-control-request-method', 'DELETE'],
  ],
  'high bytes': [['x-high', '\u00ff\u00fe\u0080']],
};

/** Files in the place of labelled or unlabelled rows. */
export const oddFiles = {
  empty: '',
  'of line breaks': '\n'.repeat(10_000),
  'of carriage returns': '\r'.repeat(10_000),
  'of NUL': Buffer.alloc(10_000),
  'of one quote': '"',
  'of one quoted field of 1 MB': () => `a,b\n"${'x'.repeat(2 ** 20)}",1\n`,
  'of one open quote and 1 MB': () => `a,b\n"${'fifteen letters\n'.repeat(2 ** 16)}`,
  'of one line of 1 MB': () => 'x'.repeat(2 ** 20),
  'of 100,000 columns': () => `${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join()}\n1\n`,
  'of 100,000 commas': () => `a\n${','.repeat(100_000)}\n`,
  'of 20,000 rows of one field': () => `a\n${'1\n'.repeat(20_000)}`,
  'with a column twice': 'URL_Length,URL_Length\n1,1\n',
  'with columns of Object': '__proto__,constructor,toString\n1,2,3\n',
  'of lines {}': () => '{}\n'.repeat(5000),
  'of lines null': () => 'null\n'.repeat(5000),
  'of a line that is deep': () => `${nested(5000)}\n`,
  'of lines of 100,000 brackets': () => `${'['.repeat(100_000)}\n`,
  'of lines of __proto__': '{"__proto__":{"a":1}}\n{"constructor":1}\n',
  'of lines with NUL': '{"a":"\\u0000"}\n',
  'of one JSON list': `[${'{},'.repeat(500)}{}]`,
  'with a byte order mark': '\uFEFFa,b\n1,2\n',
  'in UTF-16': Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'),
  'in UTF-16, the other way': Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le').swap16(),
  'of bytes that are no UTF-8': Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0xc3, 0x28, 0x0a]),
  'of every byte': Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
  'like a picture': Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  'like a ZIP': Buffer.from('504b0304140000000000', 'hex'),
  'like gzip, and no more': Buffer.from('1f8b', 'hex'),
  'of half a gzip': () => gzipSync('a,b\n1,2\n'.repeat(1000)).subarray(0, 40),
  'of gzip, with a wrong sum': () => {
    const bytes = Buffer.from(gzipSync('a,b\n1,2\n'));
    bytes[bytes.length - 6] ^= 255;
    return bytes;
  },
  'of gzip in gzip': () => gzipSync(gzipSync('{}\n'.repeat(1000))),
  'of 4 kB that unpack to 4 MB of {}': () => gzipSync('{}\n'.repeat(1_400_000), { level: 9 }),
  'of gzip that unpacks to 4 MB of one line': () => gzipSync('x'.repeat(2 ** 22), { level: 9 }),
  'of gzip that unpacks to 16 MB of NUL': () => gzipSync(Buffer.alloc(2 ** 24), { level: 9 }),
  'of Zeek, without rows': zeekHeader,
  'of Zeek, with rows of nothing': `${zeekHeader}${'-\t'.repeat(7)}\n`.repeat(50),
  'of Zeek, with a separator of nothing': '#separator \n#fields\tts\n1\n',
  'of Zeek, with 10,000 fields': () => `#separator \\x09\n#fields\t${'f\t'.repeat(10_000)}\n`,
  'of EVE, with times of nowhere': '{"event_type":"flow","timestamp":"0000-00-00","flow":{}}\n'.repeat(20),
  'of EVE, deep': () => `{"event_type":"flow","flow":${nested(3000)}}\n`,
  'of addresses': `url\n${'http://[::1\n'.repeat(100)}`,
};

/** A file as the one part of a form. */
export function asForm(file, { name = 'file', filename = 'f.csv', type = 'text/csv' } = {}) {
  return Buffer.concat([
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="${filename}"\r\n` +
        `content-type: ${type}\r\n\r\n`,
    ),
    file,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
}

export const formType = `multipart/form-data; boundary=${boundary}`;

/** Forms that are not like one with one file. */
export const oddForms = {
  'without parts': `--${boundary}--\r\n`,
  'of text': 'not a form',
  'without a name': () => asForm(Buffer.from('a\n1\n'), { name: '' }),
  'of a name of Object': () => asForm(Buffer.from('a\n1\n'), { name: '__proto__' }),
  'of another name of Object': () => asForm(Buffer.from('a\n1\n'), { name: 'constructor' }),
  'with a file name that is a path': () => asForm(Buffer.from('a\n1\n'), { filename: '../../etc/passwd' }),
  'with a file name of 15,000': () => asForm(Buffer.from('a\n1\n'), { filename: 'f'.repeat(15_000) }),
  'with a file name of NUL': () => asForm(Buffer.from('a\n1\n'), { filename: 'a\0.csv' }),
  'with a field that is no JSON': `--${boundary}\r\ncontent-disposition: form-data; name="records"\r\ncontent-type: application/json\r\n\r\nAAA\r\n--${boundary}--\r\n`,
  'with a field of 2 MB': () =>
    `--${boundary}\r\ncontent-disposition: form-data; name="a"\r\n\r\n${'x'.repeat(2 ** 21)}\r\n--${boundary}--\r\n`,
  'with 2,000 fields': () =>
    `${`--${boundary}\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n`.repeat(2000)}--${boundary}--\r\n`,
  'with 50 files': () =>
    `${`--${boundary}\r\ncontent-disposition: form-data; name="a"; filename="f"\r\n\r\na\n1\n\r\n`.repeat(50)}--${boundary}--\r\n`,
  'with a header of 100 kB': () =>
    `--${boundary}\r\nx: ${'h'.repeat(100_000)}\r\ncontent-disposition: form-data; name="a"; filename="f"\r\n\r\na\r\n--${boundary}--\r\n`,
  'with 3,000 headers': () =>
    `--${boundary}\r\n${'x: 1\r\n'.repeat(3000)}content-disposition: form-data; name="a"; filename="f"\r\n\r\na\r\n--${boundary}--\r\n`,
  'of boundaries': () => `--${boundary}\r\n`.repeat(5000),
  'with a part in base64': `--${boundary}\r\ncontent-disposition: form-data; name="a"; filename="f"\r\ncontent-transfer-encoding: base64\r\n\r\n!!!!\r\n--${boundary}--\r\n`,
};
