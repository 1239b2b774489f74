import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { mongo } from 'mongoose';
import request from 'supertest';
import { cli, eventually, Sandbox, Server, someData, someRows } from './support/program.js';
import { Running } from './support/running.js';

const route = '/v1/data/phishing-website';
const file = readFileSync(someData, 'utf8');
const [header, ...rows] = file.trimEnd().split(/\r?\n/);

describe('pushing data', () => {
  const sandbox = new Sandbox();
  let server: Server;

  const records = (): Promise<number> =>
    sandbox.withDatabase((db) => db.collection('records').estimatedDocumentCount());
  const pushCsv = (body: string | Buffer, query = ''): request.Test =>
    request(server.url)
      .post(route + query)
      .set('content-type', 'text/csv')
      .send(body);

  beforeAll(async () => {
    server = await Server.start(sandbox.env);
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  beforeEach(() =>
    sandbox.withDatabase(async (db) => {
      for (const name of ['records', 'batches', 'rejected_records']) await db.collection(name).deleteMany({});
    }),
  );

  it('stores a file once, however often and in whatever form it comes', async () => {
    const first = await request(server.url).post(route).attach('file', someData).expect(200);
    expect(first.body).toMatchObject({
      status: 'complete',
      read: someRows,
      stored: someRows,
      known: 0,
      rejected: 0,
    });
    expect(first.body.source).toMatchObject({ name: 'phishing-websites.csv', format: 'csv' });

    const again = await pushCsv(file).expect(200);
    expect(again.body).toMatchObject({ read: someRows, stored: 0, known: someRows, rejected: 0 });
    expect(again.body.source.sha256).toBe(first.body.source.sha256);

    const otherHeader = header.toLowerCase().replace('"port"', '"port_no"');
    const some = rows.slice(-1000);
    const semicolons = await pushCsv(`\uFEFF${[otherHeader, ...some].join('\r\n').replaceAll(',', ';')}`);
    expect(semicolons.body).toMatchObject({ read: 1000, stored: 0, known: 1000 });

    const ndjson = some.map((row) => JSON.stringify(asRecord(row))).join('\n');
    const lines = await request(server.url)
      .post(route)
      .set('content-type', 'application/x-ndjson')
      .send(ndjson);
    expect(lines.body).toMatchObject({ read: 1000, stored: 0, known: 1000 });
    expect(await records()).toBe(someRows);
  });

  it('takes JSON records, and names a record that does not fit', async () => {
    const good = asRecord(rows[0]);
    const answer = await request(server.url)
      .post(route)
      .send({ records: [good, { ...good, port: 7 }, good] })
      .expect(200);
    expect(answer.body).toMatchObject({ read: 3, stored: 2, known: 0, rejected: 1 });
    const rejected = await request(server.url).get(`${route}/batches/${answer.body.id}/rejected`).expect(200);
    expect(rejected.body.items).toEqual([
      expect.objectContaining({ line: 2, reasons: [{ path: 'port', message: 'is 7; allowed are -1, 1' }] }),
    ]);
  });

  it('refuses a damaged header before the first row and names each column', async () => {
    const damaged = header.replace('"port"', '"prot"').replace('"Iframe"', '"SFH"');
    const answer = await pushCsv([damaged, ...rows.slice(0, 5)].join('\n')).expect(400);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'HEADER_MISMATCH', status: 400 });
    expect(answer.body.errors).toEqual(
      expect.arrayContaining([
        { path: 'prot', message: 'is unknown; did you mean port?' },
        { path: 'SFH', message: "is the same column as 'SFH'" },
        { path: 'port', message: 'is missing; known as port_no, NonStdPort as well' },
        { path: 'Iframe', message: 'is missing; known as IframeRedirection as well' },
      ]),
    );
    expect(await records()).toBe(0);
  });

  it('lets named unknown columns pass', async () => {
    const extra = [`${header},"comment"`, `${rows[0]},fine`].join('\n');
    await pushCsv(extra).expect(400);
    const answer = await pushCsv(extra, '?ignoreColumns=comment').expect(200);
    expect(answer.body).toMatchObject({ stored: 1 });
  });

  it('rejects a line that is nested too deep by its number, and a document like it as a whole', async () => {
    const deep = '['.repeat(100_000);
    const good = JSON.stringify(asRecord(rows[0]));
    const lines = await request(server.url)
      .post(route)
      .set('content-type', 'application/x-ndjson')
      .send(`${good}\n{"a":${deep}\n${good}\n`)
      .expect(200);
    expect(lines.body).toMatchObject({ read: 3, stored: 2, rejected: 1 });
    const document = await request(server.url)
      .post(route)
      .set('content-type', 'text/plain')
      .send(deep)
      .expect(400);
    expect(document.body).toMatchObject({ code: 'UNKNOWN_FORMAT', detail: expect.stringContaining('64') });
  });

  it.each([
    ['an empty file', '', 'EMPTY_INPUT', 400],
    [
      'a binary file',
      Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), randomBytes(4000)]),
      'BINARY_INPUT',
      400,
    ],
    ['a file of another data set', 'ts,uid,id.orig_h\n1,C1,10.0.0.1\n', 'HEADER_MISMATCH', 400],
    ['a 10 MB single line', 'a'.repeat(10 * 2 ** 20), 'LINE_TOO_LONG', 400],
  ])('refuses %s', async (_, body, code, status) => {
    const answer = await pushCsv(body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code, status });
    expect(await records()).toBe(0);
    expect(await sandbox.withDatabase((db) => db.collection('batches').countDocuments())).toBe(0);
    await request(server.url).get('/health/live').expect(200);
  });

  it('rejects bad rows with their lines and keeps the good ones', async () => {
    const bad = [
      header,
      rows[0],
      rows[1].replace(/-1$/, '5'),
      rows[2].replace(/^1/, '9'),
      '1,2,3',
      `${'x'.repeat(2 * 2 ** 20)}`,
      rows[3],
    ].join('\n');
    const answer = await pushCsv(bad).expect(200);
    expect(answer.body).toMatchObject({ read: 6, stored: 2, rejected: 4 });
    const { body } = await request(server.url).get(
      `${route}/batches/${answer.body.id}/rejected?pageSize=2&page=1`,
    );
    expect(body).toMatchObject({ total: 4, pageSize: 2 });
    expect(body.items[0]).toMatchObject({ line: 3, reasons: [{ path: 'Result' }] });
    expect(body.items[1]).toMatchObject({ line: 4, reasons: [{ path: 'having_IP_Address' }] });
    const rest = await request(server.url).get(
      `${route}/batches/${answer.body.id}/rejected?pageSize=2&page=2`,
    );
    expect(rest.body.items.map(({ line }: { line: number }) => line)).toEqual([5, 6]);
    expect(rest.body.items[1].raw.length).toBeLessThanOrEqual(1000);
  });

  it('pages through the rejected rows of a batch, wherever the database keeps them', async () => {
    const bad = Array.from({ length: 1450 }, (_, i) => (i === 700 ? rows[0] : 'too few'));
    const { body: batch } = await pushCsv([header, ...bad].join('\n')).expect(200);
    expect(batch).toMatchObject({ read: 1450, stored: 1, rejected: 1449 });
    const seen: number[] = [];
    for (let page = 1; page <= 17; page++) {
      const { body } = await request(server.url)
        .get(`${route}/batches/${batch.id}/rejected?pageSize=90&page=${page}`)
        .expect(200);
      expect(body).toMatchObject({ total: 1449, page, pageSize: 90 });
      seen.push(...body.items.map(({ line }: { line: number }) => line));
    }
    expect(seen).toEqual(bad.flatMap((_, i) => (i === 700 ? [] : [i + 2])));
  });

  it('refuses an upload above the limit before storing anything', async () => {
    const small = await Server.start({ ...sandbox.env, UPLOAD_LIMIT_MB: '1' });
    try {
      const answer = await request(small.url)
        .post(route)
        .set('content-type', 'text/csv')
        .send(`${header}\n${`${rows[0]}\n`.repeat(20_000)}`);
      expect(answer.status).toBe(413);
      expect(answer.body.code).toBe('INPUT_TOO_LARGE');
      expect(await records()).toBe(0);
    } finally {
      await small.stop();
    }
  });

  it('takes one file a request and names what is wrong with a multipart body', async () => {
    const some = Buffer.from([header, ...rows.slice(0, 500)].join('\n'));
    const two = await request(server.url)
      .post(route)
      .attach('file', some, 'some.csv')
      .attach('more', some, 'more.csv')
      .expect(400);
    expect(two.body.errors[0]).toMatchObject({
      path: 'more',
      message: expect.stringContaining('second file'),
    });
    const alone = await request(server.url).post(route).attach('file', some, 'some.csv').expect(200);
    expect(alone.body.stored + alone.body.known).toBe(500);
    expect(await records()).toBe(500);
    const none = await request(server.url).post(route).field('note', 'no file').expect(400);
    expect(none.body.errors[0].path).toBe('file');
    const broken = await request(server.url)
      .post(route)
      .set('content-type', 'multipart/form-data')
      .send('x')
      .expect(400);
    expect(broken.body.code).toBe('REQUEST_INVALID');
  });

  it('refuses a multipart body that ends anywhere before its closing boundary, and knows the rows it had', async () => {
    const some = [header, ...rows.slice(0, 40)].join('\n');
    const head = '--b1\r\nContent-Disposition: form-data; name="file"; filename="some.csv"\r\n\r\n';
    const form = `${head}${some}\r\n--b1--`;
    const cuts = Array.from({ length: 48 }, (_, i) => Math.round((i * head.length) / 48));
    const places = [...cuts, ...cuts.map((cut) => form.length - 1 - (cut % 48)), head.length + 2000];
    for (const place of new Set(places)) {
      const answer = await request(server.url)
        .post(route)
        .set('content-type', 'multipart/form-data; boundary=b1')
        .send(form.slice(0, place));
      expect([place, answer.status, answer.body.code]).toEqual([place, 400, 'UPLOAD_BROKEN_OFF']);
    }
    const { body } = await request(server.url).get(`${route}/batches`).expect(200);
    expect(new Set(body.items.map(({ status }: { status: string }) => status))).toEqual(
      new Set(['interrupted']),
    );
    expect(Math.max(...body.items.map(({ read }: { read: number }) => read))).toBe(39);
    expect(await records()).toBe(39);
  });

  it.each([
    ['text/csv', ''],
    ['multipart/form-data; boundary=b1', '--b1\r\ncontent-disposition: form-data; filename=a.csv\r\n\r\n'],
  ])('keeps the rows of a %s whose sender goes away as an interrupted batch', async (type, before) => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    const body = `${before}${[header, ...rows.slice(0, 2500)].join('\n')}`;
    const head = `POST ${route} HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${type}\r\ncontent-length: 10000000\r\n\r\n`;
    socket.write(head + body);
    const batches = (): Promise<mongo.WithId<mongo.BSON.Document>[]> =>
      sandbox.withDatabase((db) => db.collection('batches').find().toArray());
    await eventually(async () => (await batches()).some(({ read }) => read >= 2000), 60_000);
    socket.destroy();
    await eventually(async () => (await batches())[0].status === 'interrupted', 60_000);
    const [{ read, stored, rejected }] = await batches();
    expect([stored, rejected]).toEqual([read, 0]);
    expect(read).toBeGreaterThanOrEqual(2000);
    expect(await records()).toBe(stored);
    await request(server.url).post(route).attach('file', someData).expect(200);
    expect(await records()).toBe(someRows);
  });

  it('answers an unknown detector, batch, body type and page with what is wrong', async () => {
    const detector = await request(server.url)
      .post('/v1/data/phishing-websit')
      .send({ records: [{}] });
    expect(detector.body).toMatchObject({ code: 'DETECTOR_UNKNOWN', status: 404 });
    expect(detector.body.detail).toContain('phishing-website');
    await request(server.url).get(`${route}/batches/none`).expect(404);
    await request(server.url).post(route).set('content-type', 'application/xml').send('<a/>').expect(415);
    const page = await request(server.url).get(`${route}/batches?page=0`).expect(400);
    expect(page.body.errors[0].path).toBe('page');
    const json = await request(server.url)
      .post(route)
      .set('content-type', 'application/json')
      .send('{"records": [')
      .expect(400);
    expect(json.body.code).toBe('REQUEST_INVALID');
  });

  it('takes up a push that was killed in the middle: exactly the rows of the file', async () => {
    const push = Running.loaded({
      script: 'cli.js',
      args: ['data', 'push', 'phishing-website', '-'],
      env: sandbox.env,
      input: `${header}\n${rows.slice(0, 2500).join('\n')}\n`,
      openInput: true,
    });
    await eventually(async () => (await records()) >= 1000, 60_000);
    push.kill('SIGKILL');
    await push.ended;
    expect(await records()).toBeLessThan(someRows);

    const again = await cli(['data', 'push', 'phishing-website', someData, '--json'], sandbox.env);
    expect(again.code).toBe(0);
    const counts = JSON.parse(again.stdout);
    expect(counts).toMatchObject({ read: someRows, rejected: 0 });
    expect(counts.known).toBeGreaterThanOrEqual(1000);
    expect(counts.stored + counts.known).toBe(someRows);
    expect(await records()).toBe(someRows);
  });
});

function asRecord(row: string): Record<string, number> {
  const names = header.replaceAll('"', '').split(',');
  return Object.fromEntries(row.split(',').map((cell, i) => [names[i], Number(cell)]));
}
