import { readFileSync } from 'node:fs';
import request from 'supertest';
import { phishingExample } from '../src/common/examples.js';
import { bundledData, type Sandbox, Server } from './support/program.js';
import { trainedSandbox } from './support/trained.js';

const route = '/v1/score/phishing-website';
const lines = readFileSync(bundledData, 'utf8').trimEnd().split(/\r?\n/);

describe('scoring', () => {
  let sandbox: Sandbox;
  let server: Server;

  beforeAll(async () => {
    sandbox = await trainedSandbox({ without: ['records'] });
    server = await Server.start(sandbox.env);
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  it('gives a verdict with probability, reasons and model version', async () => {
    const { body } = await request(server.url).post(route).send({ record: phishingExample }).expect(200);
    expect(body).toMatchObject({ verdict: 'malicious', model: { detector: 'phishing-website', version: 1 } });
    expect(body.probability).toBeGreaterThan(0.9);
    expect(body.reasons.length).toBeGreaterThan(0);
    expect(body.reasons[0]).toEqual({
      feature: expect.any(String),
      value: -1,
      contribution: expect.any(Number),
      text: expect.stringMatching(/speaks for a threat$/),
    });
  });

  it('answers several records in order, each under its own id', async () => {
    const benign = Object.fromEntries(Object.keys(phishingExample).map((name) => [name, 1]));
    const { body } = await request(server.url)
      .post(route)
      .send({ records: [phishingExample, benign] })
      .expect(200);
    expect(body.verdicts.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['malicious', 'benign']);
    expect(new Set(body.verdicts.map(({ id }: { id: string }) => id)).size).toBe(2);
  });

  it('serves the probabilities that the evaluation saw', async () => {
    const bundle = await sandbox.withDatabase(async (db) => {
      const version = await db.collection('model_versions').findOne({ version: 1 });
      const file = await db.collection('bundles.files').findOne({ filename: version!.sha256 });
      const chunks = await db
        .collection('bundles.chunks')
        .find({ files_id: file!._id })
        .sort({ n: 1 })
        .toArray();
      const bytes = Buffer.concat(chunks.map(({ data }) => Buffer.from(data.buffer)));
      return JSON.parse(bytes.subarray(12, 12 + bytes.readUInt32LE(8)).toString('utf8'));
    });
    const names: string[] = bundle.contract.features.map(({ name }: { name: string }) => name);
    const records = bundle.selfTest.rows.map((row: number[]) =>
      Object.fromEntries(row.map((value, i) => [names[i], value])),
    );
    const { body } = await request(server.url).post(route).send({ records }).expect(200);
    expect(records.length).toBe(32);
    body.verdicts.forEach(({ probability }: { probability: number }, i: number) =>
      expect(Math.abs(probability - bundle.selfTest.probabilities[i])).toBeLessThanOrEqual(1e-12),
    );
  });

  it('takes a missing value, but neither a missing nor an unknown nor a wrong field', async () => {
    await request(server.url)
      .post(route)
      .send({ record: { ...phishingExample, Favicon: null, SFH: '?' } })
      .expect(200);
    const rest: Partial<typeof phishingExample> = { ...phishingExample };
    delete rest.port;
    const answer = await request(server.url)
      .post(route)
      .send({ record: { ...rest, prot: 1, SFH: 5 } })
      .expect(400);
    expect(answer.body).toMatchObject({ code: 'RECORD_INVALID', status: 400 });
    expect(answer.body.errors).toEqual([
      { path: 'record.prot', message: 'is unknown; did you mean port?' },
      { path: 'record.port', message: 'is missing; known as port_no, NonStdPort as well' },
    ]);
    const value = await request(server.url)
      .post(route)
      .send({ records: [phishingExample, { ...phishingExample, SFH: 5 }] })
      .expect(400);
    expect(value.body.errors).toEqual([{ path: 'records[1].SFH', message: 'is 5; allowed are -1, 0, 1' }]);
  });

  it.each([
    ['no body', undefined],
    ['an empty object', {}],
    ['an empty list', { records: [] }],
    ['a record that is a list', { record: [1] }],
    ['1,001 records', { records: Array.from({ length: 1001 }, () => ({})) }],
  ])('answers %s with 400', async (_, body) => {
    const answer = await request(server.url).post(route).send(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('streams a CSV file back with verdict and probability, a bad row with its error', async () => {
    const body = [...lines.slice(0, 3), '7,7', ...lines.slice(3, 700)].join('\n');
    const answer = await request(server.url)
      .post(`${route}/file`)
      .set('content-type', 'text/csv')
      .send(body)
      .buffer(true)
      .parse((response, done) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.on('end', () => done(null, text));
      })
      .expect(200)
      .expect('content-type', /text\/csv/);
    const out = (answer.body as string).trimEnd().split('\n');
    expect(out[0]).toBe(`${lines[0].replaceAll('"', '')},verdict,probability,model_version,error`);
    expect(out).toHaveLength(701);
    expect(out[1]).toMatch(/^-1,1,1,1.*,-1,malicious,0\.\d+,1,$/);
    expect(out[3]).toContain('line 4: ');
  });

  it('streams NDJSON back and scores a file like single records', async () => {
    const ndjson = `${JSON.stringify(phishingExample)}\n{"port": 1}\nnot json\n`;
    const answer = await request(server.url)
      .post(`${route}/file`)
      .set('content-type', 'application/x-ndjson')
      .send(ndjson)
      .buffer(true)
      .expect(200);
    const rows = answer.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const single = await request(server.url).post(route).send({ record: phishingExample });
    expect(rows[0]).toMatchObject({ line: 1, record: phishingExample, probability: single.body.probability });
    expect(rows[1].error).toContain('having_IP_Address is missing');
    expect(rows[2].error).toContain('line 3');
    await request(server.url)
      .post(`${route}/file?format=xml`)
      .send({ records: [phishingExample] })
      .expect(400);
  });

  it('refuses a file whose columns do not fit before the first row', async () => {
    const answer = await request(server.url)
      .post(`${route}/file`)
      .set('content-type', 'text/csv')
      .send('a,b\n1,2\n');
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('HEADER_MISMATCH');
  });

  it('keeps the request id of the caller and never shows a stack', async () => {
    const answer = await request(server.url).get('/v1/score').set('x-request-id', 'trace-1').expect(404);
    expect(answer.headers['x-request-id']).toBe('trace-1');
    expect(answer.body).toMatchObject({ requestId: 'trace-1', code: 'ROUTE_UNKNOWN' });
    expect(JSON.stringify(answer.body)).not.toMatch(/\bat .*\.js/);
    const undecodable = await request(server.url).get('/%E0%A4%A').expect(400);
    expect(undecodable.type).toBe('application/problem+json');
    const unsafe = await request(server.url).get('/v1/score').set('x-request-id', 'x y').expect(404);
    expect(unsafe.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});
