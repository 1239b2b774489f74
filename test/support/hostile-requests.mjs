// Thousands of requests that nobody means well with, made from the OpenAPI document: a new route is in it by itself.
import { Buffer } from 'node:buffer';
import { rawRequests } from './hostile-raw.mjs';
import {
  asForm,
  formType,
  lazily,
  oddBodies,
  oddFiles,
  oddForms,
  oddHeaders,
  oddQueries,
  oddSegments,
  oddTypes,
  oddValues,
  strangeQueries,
} from './hostile-values.mjs';

/** @typedef {import('./hostile-requests.d.mts').HostileRequest} HostileRequest */

/** Behind each list's address, whether the document has them or not. */
const pageParameters = ['page', 'pageSize'];
const otherMethods = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'BREW',
];
/** As many flipped bytes of a right body as it takes to meet the parser's corners, for each route that takes one. */
const mutations = 12;
const detectors = ['phishing-website', 'url', 'network-flow'];

/**
 * The same requests in the same order for the same seed and the same document.
 *
 * @param {import('./hostile-requests.d.mts').HostileSetup} setup
 * @returns {HostileRequest[]}
 */
export function hostileRequests({ document, keys, ids, seed = 1 }) {
  const random = randomOf(seed);
  const operations = operationsOf(document, ids, keys.admin);
  const requests = [
    ...operations.flatMap((operation) => [
      ...typesOf(operation),
      ...bodiesOf(operation),
      ...fieldsOf(operation),
      ...mutationsOf(operation, random),
      ...segmentsOf(operation),
      ...queriesOf(operation),
      ...headersOf(operation),
      ...methodsOf(operation),
      ...keysOf(operation, keys),
      ...filesOf(operation),
    ]),
    ...rawRequests(keys.admin),
  ];
  const names = new Set();
  for (const { name } of requests) {
    if (names.has(name)) throw new Error(`two hostile requests are called ${name}`);
    names.add(name);
  }
  return shuffled(requests, random);
}

/** Each operation with an address of something that is there, and a body that it takes. */
function operationsOf(document, ids, key) {
  let turn = 0;
  return Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      // The models of this one are small, and the example's records, the run and the batch are of the other.
      const values = { detector: 'url', version: '1', key: 'reviewed', id: idFor(template, ids) };
      const fill = (replaced = {}) =>
        template.replaceAll(/\{(\w+)\}/g, (_, name) => replaced[name] ?? values[name] ?? 'nothing');
      const content = operation.requestBody?.content;
      const json = content?.['application/json'];
      return {
        name: operation.operationId,
        turn: turn++,
        method: method.toUpperCase(),
        path: fill(),
        fill,
        parameters: (operation.parameters ?? []).map((parameter) => ({ ...parameter, where: parameter.in })),
        auth: [['x-api-key', key]],
        types: content ? Object.keys(content) : [],
        isPaged: JSON.stringify(operation.responses?.[200] ?? {}).includes('PageDto'),
        fields: json ? propertiesOf(json.schema, document) : {},
        example: content && (exampleOf(json, document, operation.operationId) ?? {}),
      };
    }),
  );
}

/** Whatever is deleted by its id is a spare one. */
function idFor(template, ids) {
  const kinds = [
    ['/training-runs/', ids.run],
    ['/batches/', ids.batch],
    ['/predictions/', ids.prediction],
    ['/lists/', ids.listEntry],
    ['/keys/', ids.keys[0]],
  ];
  return kinds.find(([part]) => template.includes(part))?.[1] ?? 'nothing';
}

function propertiesOf(schema, document) {
  const name = schema?.$ref?.split('/').at(-1);
  const found = name ? document.components.schemas[name] : schema;
  return { ...found?.properties };
}

function exampleOf(json, document, operationId) {
  if (!json) return null;
  const [named] = Object.values(json.examples ?? {});
  const properties = Object.entries(propertiesOf(json.schema, document));
  const example =
    named?.value ??
    Object.fromEntries(
      properties.flatMap(([name, { example: value }]) => (value === undefined ? [] : [[name, value]])),
    );
  // A detector without data: its runs end before they cost anything, and there is little of it to look through.
  if (operationId === 'startRun') return { detector: 'nsl-kdd', promote: 'never' };
  if (operationId === 'applyRetention') return { detector: 'nsl-kdd', dryRun: true };
  return example;
}

function bodyOf({ example }) {
  return lazily(() => JSON.stringify(example ?? {}));
}

const json = ['content-type', 'application/json'];

/** A request like one that would do, but for what is given. */
function like(operation, what, { headers, ...changes } = {}) {
  const { name, method, path, auth, example } = operation;
  return {
    name: `${name}: ${what}`,
    method,
    path,
    headers: [...auth, ...(headers ?? (example ? [json] : []))],
    ...(example && { body: bodyOf(operation) }),
    ...changes,
  };
}

function* typesOf(operation) {
  let { turn } = operation;
  const bodies = {
    'its own body': bodyOf(operation),
    text: lazily(() => 'a,b\n1,2\n'),
    bytes: lazily(() => Buffer.from([0, 1, 2, 255, 254])),
  };
  const types = operation.example ? Object.entries(oddTypes) : inTurn(oddTypes, operation);
  for (const [type, value] of types) {
    const headers = value === null ? [] : [['content-type', value]];
    for (const [what, body] of operation.example
      ? inTurn(bodies, { turn: turn++ })
      : [['text', bodies.text]]) {
      yield like(operation, `${what} in a body ${type}`, { headers, body });
    }
  }
  const twice = [json, ['content-type', 'text/plain']];
  yield like(operation, 'two types of a body', { headers: twice, body: bodyOf(operation) });
}

function* bodiesOf(operation) {
  if (!operation.example) return;
  for (const [what, value] of Object.entries(oddBodies)) {
    const body = lazily(typeof value === 'function' ? value : () => value);
    yield like(operation, `the body ${what}`, { headers: [json], body });
  }
}

/** Each field of the document and of the example, and the first fields of what stands in the example. */
function* fieldsOf(operation) {
  if (!operation.example) return;
  const { example, fields } = operation;
  const names = new Set([...Object.keys(fields), ...Object.keys(example)]);
  const inner = Object.entries(example).flatMap(([name, value]) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.keys(value)
          .slice(0, 4)
          .map((key) => [name, key])
      : [],
  );
  for (const path of [...[...names].map((name) => [name]), ...inner]) {
    for (const [what, value] of Object.entries(oddValues)) {
      const body = lazily(() => withField(example, path, typeof value === 'function' ? value() : value));
      yield like(operation, `${path.join('.')} is ${what}`, { headers: [json], body });
    }
    const missing = lazily(() => JSON.stringify(without(example, path)));
    yield like(operation, `${path.join('.')} is not there`, { headers: [json], body: missing });
  }
}

/** The example as text, with a value in it that JSON.stringify could not write. */
function withField(example, path, text) {
  const mark = '\u0001here\u0001';
  const set = (value, [name, ...rest]) => ({
    ...value,
    [name]: rest.length > 0 ? set(value?.[name] ?? {}, rest) : mark,
  });
  return JSON.stringify(set(example, path)).replace(JSON.stringify(mark), () => text);
}

function without(value, [name, ...rest]) {
  const { [name]: old, ...others } = value;
  return rest.length > 0 ? { ...others, [name]: without(old, rest) } : others;
}

function* mutationsOf(operation, random) {
  if (!operation.example) return;
  for (let i = 1; i <= mutations; i++) {
    const flips = Array.from({ length: 1 + Math.floor(random() * 4) }, () => [random(), random()]);
    const body = lazily(() => {
      const bytes = Buffer.from(bodyOf(operation)());
      for (const [where, what] of flips) bytes[Math.floor(where * bytes.length)] = Math.floor(what * 256);
      return bytes;
    });
    yield like(operation, `its body with bytes flipped, ${i}`, { headers: [json], body });
  }
}

function* segmentsOf(operation) {
  for (const { name, where } of operation.parameters) {
    if (where !== 'path') continue;
    for (const [what, value] of Object.entries(oddSegments)) {
      yield like(operation, `${name} in the path is ${what}`, { path: operation.fill({ [name]: value }) });
    }
  }
}

function* queriesOf(operation) {
  const known = operation.parameters.filter(({ where }) => where === 'query').map(({ name }) => name);
  const pages = operation.isPaged ? pageParameters.filter((name) => !known.includes(name)) : [];
  for (const name of [...known, ...pages]) {
    for (const [what, query] of Object.entries(oddQueries)) {
      yield like(operation, `${name} in the query is ${what}`, { path: `${operation.path}?${query(name)}` });
    }
  }
  for (const [what, query] of inTurn(strangeQueries, operation)) {
    yield like(operation, `a query of ${what}`, { path: `${operation.path}?${query}` });
  }
}

function* headersOf(operation) {
  for (const [what, added] of inTurn(oddHeaders, operation)) {
    const headers = [...(operation.example ? [json] : []), ...added];
    yield like(operation, `with ${what}`, { headers });
  }
}

/** What is the same to every route is sent to every third one, each time to another third of them. */
function inTurn(odd, { turn }) {
  return Object.entries(odd).filter((_, i) => i % 3 === turn % 3);
}

function* methodsOf(operation) {
  for (const method of otherMethods) {
    if (method === operation.method) continue;
    yield like(operation, `by ${method}`, { method });
  }
}

function* keysOf(operation, keys) {
  const { admin, limited, viewer } = keys;
  const given = {
    'no key': [],
    'an empty key': [['x-api-key', '']],
    'a key of 10 kB': [['x-api-key', 'k'.repeat(10_000)]],
    'a key that is half there': [['x-api-key', admin.slice(0, -5)]],
    'a key of nobody': [['x-api-key', `nw_000000000000_${'A'.repeat(43)}`]],
    'a key with a NUL': [['x-api-key', `${admin}%00`]],
    'a key of Object': [['x-api-key', '__proto__']],
    'two keys': [
      ['x-api-key', admin],
      ['x-api-key', viewer],
    ],
    'a bearer of nothing': [['authorization', 'Bearer ']],
    'a bearer of blanks': [['authorization', `Bearer${' '.repeat(5000)}`]],
    'a name and a password': [['authorization', 'Basic YTpi']],
    'a bearer twice': [['authorization', `Bearer ${admin} ${admin}`]],
    "a key in small letters and another's bearer": [
      ['x-api-key', admin.toLowerCase()],
      ['authorization', `Bearer ${admin}`],
    ],
    "a viewer's key": [['x-api-key', viewer]],
    'a key for another detector': [['x-api-key', limited]],
  };
  for (const [what, auth] of Object.entries(given)) yield like({ ...operation, auth }, `with ${what}`);
}

/** Files, for routes that take some; sent by every type that files come in. */
function* filesOf(operation) {
  const takesForms = operation.types.includes('multipart/form-data');
  if (!takesForms && !operation.types.includes('application/octet-stream')) return;
  const types = takesForms
    ? ['text/csv', 'application/x-ndjson', 'application/octet-stream', 'text/plain', 'form']
    : ['application/octet-stream'];
  for (const [what, value] of Object.entries(oddFiles)) {
    const file = lazily(typeof value === 'function' ? value : () => value);
    for (const [i, type] of types.entries()) {
      const isForm = type === 'form';
      yield like(operation, `a file ${what} as ${isForm ? 'a form' : type}`, {
        path: operation.fill({ detector: detectors[i % detectors.length] }),
        headers: [['content-type', isForm ? formType : type]],
        body: isForm ? lazily(() => asForm(file())) : file,
      });
    }
  }
  if (takesForms) yield* formsOf(operation);
}

/** Forms that are odd, and one that is not, cut off at every place that is near a seam. */
function* formsOf(operation) {
  const headers = [['content-type', formType]];
  for (const [what, value] of Object.entries(oddForms)) {
    const body = lazily(typeof value === 'function' ? value : () => value);
    yield like(operation, `a form ${what}`, { headers, body });
  }
  const form = asForm(Buffer.from('URL_Length,Result\n1,-1\n'));
  for (let length = 1; length < form.length; length++) {
    const body = lazily(() => form.subarray(0, length));
    yield like(operation, `a form that ends behind ${length} bytes`, { headers, body });
  }
  for (let length = 1; length < form.length; length += 8) {
    yield like(operation, `a form whose sender hangs up behind ${length} bytes`, {
      headers: [...headers, ['content-length', `${form.length}`]],
      body: lazily(() => form.subarray(0, length)),
      endsEarly: true,
      mayBeCutOff: true,
    });
  }
}

/** Numbers from 0 to below 1 that only the seed decides (mulberry32, by Tommy Ettinger, public domain). */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Routes and kinds mixed, so that what one leaves behind meets the others. */
function shuffled(requests, random) {
  for (let i = requests.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [requests[i], requests[other]] = [requests[other], requests[i]];
  }
  return requests;
}
