import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { phishingExample } from '../src/common/examples.js';
import { bundledData, cli, type Env, eventually, Sandbox, Server } from './support/program.js';
import { serveBaseline, trainedSandbox } from './support/trained.js';

const rowsRoute = '/v1/score/phishing-website/file';
const flowsRoute = '/v1/score/network-flow/file';
const [header, ...rows] = readFileSync(bundledData, 'utf8').trimEnd().split(/\r?\n/);
const deep = '['.repeat(5000) + ']'.repeat(5000);
const megabytes = 20;

const flow = (i: number): string =>
  JSON.stringify({
    ts: 1.7e9 + i / 100,
    uid: `C${i}`,
    'id.orig_h': `10.0.${i % 7}.${i % 251}`,
    'id.orig_p': 1024 + (i % 60_000),
    'id.resp_h': `203.0.113.${i % 253}`,
    'id.resp_p': 443,
    proto: 'tcp',
  });
const visit = JSON.stringify({
  timestamp: '2024-01-01T00:00:00.000000+0000',
  event_type: 'http',
  src_ip: '10.0.0.1',
  dest_ip: '203.0.113.1',
  http: { hostname: 'www.example.org', url: '/docs', http_port: 80 },
});

describe('a file to score', () => {
  let sandbox: Sandbox;
  let server: Server;
  let env: Env;
  let key: string;

  const makeKey = async (name: string, ...options: string[]): Promise<string> => {
    const { stdout } = await cli(['keys', 'create', name, ...options], env);
    return stdout.trim();
  };
  const post = (route: string, type: string, body: string | Buffer, asKey = key, at = server): request.Test =>
    request(at.url)
      .post(route)
      .set('x-api-key', asKey)
      .set('content-type', type)
      .buffer(true)
      .parse((response, done) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.on('end', () => done(null, text));
      })
      .send(body);
  const linesOf = ({ body }: { body: unknown }): string[] => (body as string).trimEnd().split('\n');

  const head = (route: string, type: string, length: number): string =>
    `POST ${route} HTTP/1.1\r\nhost: a\r\nx-api-key: ${key}\r\nconnection: close\r\n` +
    `content-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`;
  const socketTo = (to: Server): Socket => {
    const { hostname, port } = new URL(to.url);
    return connect(Number(port), hostname).on('error', () => undefined);
  };
  /** Files of uploads that the server has open. */
  const spooled = (): string[] => {
    const folder = `/proc/${server.pid}/fd`;
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((name) => {
      try {
        const target = readlinkSync(`${folder}/${name}`);
        return target.includes('/uploads/') ? [target] : [];
      } catch {
        // Closed in the meantime.
        return [];
      }
    });
  };
  const nothingIsLeft = (): Promise<boolean> =>
    eventually(() => Promise.resolve(spooled().length === 0), 60_000);

  beforeAll(async () => {
    sandbox = await trainedSandbox({ without: ['records'] });
    await serveBaseline(sandbox, 'network-flow');
    await serveBaseline(sandbox, 'url');
    env = { ...sandbox.env, AUTH: 'on' };
    server = await Server.start(env);
    key = await makeKey('all', '--role', 'trainer');
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  it.each([
    [rowsRoute, 'text/csv', header, (i: number) => rows[i % rows.length], 1],
    [flowsRoute, 'application/x-ndjson', flow(0), flow, 2],
  ])('may be sent whole before its answer is read: %s', async (route, type, first, line, more) => {
    const lines = [first];
    for (let bytes = 0; bytes < megabytes * 2 ** 20; bytes += lines.at(-1)!.length)
      lines.push(line(lines.length));
    const body = `${lines.join('\n')}\n`;
    const socket = socketTo(server).pause();
    socket.write(head(route, type, Buffer.byteLength(body)));
    await new Promise((sent) => socket.write(body, sent));
    let text = '';
    for await (const piece of socket.setEncoding('utf8')) text += piece as string;
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text).toMatch(/\r\n0\r\n\r\n$/);
    const answered = text
      .slice(text.indexOf('\r\n\r\n') + 4)
      .replaceAll(/\r\n[0-9a-f]+\r\n|^[0-9a-f]+\r\n/g, '');
    expect(answered.trimEnd().split('\n')).toHaveLength(lines.length + more - 1);
    await nothingIsLeft();
  });

  it.each([rowsRoute, flowsRoute])(
    'is refused by %s where its form ends before its closing boundary',
    async (route) => {
      const before = '--b1\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n';
      const content =
        route === rowsRoute ? [header, ...rows.slice(0, 50)] : Array.from({ length: 50 }, (_, i) => flow(i));
      const form = `${before}${content.join('\n')}\n\r\n--b1--`;
      for (let length = 1; length < form.length; length += 1 + Math.floor(form.length / 40)) {
        const answer = await post(route, 'multipart/form-data; boundary=b1', form.slice(0, length));
        expect([answer.status, JSON.parse(answer.body).code]).toEqual([400, 'UPLOAD_BROKEN_OFF']);
      }
      const whole = await post(route, 'multipart/form-data; boundary=b1', form);
      expect(whole.status).toBe(200);
      expect(linesOf(whole)).toHaveLength(51);
    },
  );

  it('leaves nothing behind when its sender goes away in the middle, or its reader', async () => {
    const body = `${[header, ...Array.from({ length: 10 }, () => rows).flat()].join('\n')}\n`;
    const sender = socketTo(server);
    sender.write(head(rowsRoute, 'text/csv', 2 * body.length) + body);
    if (process.platform === 'linux') await eventually(() => Promise.resolve(spooled().length > 0), 60_000);
    sender.destroy();
    await nothingIsLeft();
    const reader = socketTo(server);
    reader.write(head(rowsRoute, 'text/csv', body.length) + body);
    await new Promise((answered) => reader.once('data', answered));
    reader.destroy();
    await nothingIsLeft();
    expect(linesOf(await post(rowsRoute, 'text/csv', `${header}\n${rows[0]}\n`))).toHaveLength(2);
  });

  it('is asked for later where those under way leave no room, and taken once they are gone', async () => {
    const small = await Server.start({ ...env, UPLOAD_LIMIT_MB: '1' });
    try {
      const body = `${header}\n${`${rows[0]}\n`.repeat(20_000)}`;
      const waiting: Socket[] = [];
      // One that is answered came when an attempt had its room, and comes again.
      const wait = (): void => {
        const socket = socketTo(small).once('data', () => {
          socket.destroy();
          wait();
        });
        socket.write(head(rowsRoute, 'text/csv', 2 ** 20) + body.slice(0, 1_000_000));
        waiting.push(socket);
      };
      wait();
      wait();
      const attempt = (): request.Test => post(rowsRoute, 'text/csv', body.slice(0, 300_000), key, small);
      const refused = await eventually(async () => {
        const answer = await attempt();
        return answer.status === 503 && answer;
      }, 60_000);
      expect(JSON.parse(refused.body)).toMatchObject({ code: 'OVERLOADED', status: 503 });
      for (const socket of waiting) socket.destroy();
      await eventually(async () => (await attempt()).status === 200, 60_000);
    } finally {
      await small.stop();
    }
  });

  it('may be packed, but not to a hundredth of its bytes: the answer is 413 before its first row, or the push is interrupted', async () => {
    const bomb = gzipSync(`${flow(1)}\n`.repeat(5000));
    const scored = await post(flowsRoute, 'application/octet-stream', bomb);
    expect(scored.status).toBe(413);
    expect(JSON.parse(scored.body)).toMatchObject({
      code: 'INPUT_TOO_LARGE',
      detail: expect.stringContaining('100 times its packed bytes'),
    });
    const labelled = gzipSync(
      `${JSON.stringify({ ...JSON.parse(flow(1)), label: 'benign' })}\n`.repeat(5000),
    );
    const pushed = await post('/v1/data/network-flow', 'application/octet-stream', labelled);
    expect(pushed.status).toBe(413);
    const { body } = await request(server.url)
      .get('/v1/data/network-flow/batches')
      .set('x-api-key', key)
      .expect(200);
    expect(body.items[0]).toMatchObject({ status: 'interrupted' });
    expect(body.items[0].read).toBeGreaterThan(500);
  });

  it('that is a damaged gzip is scored up to the damage', async () => {
    const packed = gzipSync(Array.from({ length: 5000 }, (_, i) => `${flow((i * 7919) % 5003)}\n`).join(''));
    const answer = await post(flowsRoute, 'application/octet-stream', packed.subarray(0, packed.length / 2));
    const [damage, account] = linesOf(answer).slice(-2).map((line) => JSON.parse(line)); // prettier-ignore
    expect(damage).toMatchObject({ code: 'CUT_OFF' });
    expect(account.summary.lines).toBeGreaterThan(100);
  });

  it('may have lines that are nested too deep: each is rejected by its number, and those behind it are scored', async () => {
    const records = await post(
      rowsRoute,
      'application/x-ndjson',
      [phishingExample, phishingExample].map((record) => JSON.stringify(record)).join(`\n{"a":${deep}}\n`),
    ).expect(200);
    expect(linesOf(records).map((line) => JSON.parse(line))).toMatchObject([
      { line: 1, verdict: 'malicious' },
      { line: 2, error: expect.stringContaining('nested more than 64 levels deep') },
      { line: 3, verdict: 'malicious' },
    ]);
    const flows = await post(
      flowsRoute,
      'application/x-ndjson',
      `${flow(1)}\n{"ts":1,"a":${deep}}\n${flow(2)}\n`,
    ).expect(200);
    expect(linesOf(flows).map((line) => JSON.parse(line))).toMatchObject([
      { line: 1, flow: { uid: 'C1' } },
      { line: 2, error: expect.stringContaining('nested more than 64 levels deep') },
      { line: 3, flow: { uid: 'C2' } },
      { summary: { lines: 3, rejected: { count: 1 } } },
    ]);
    const document = await post(rowsRoute, 'text/plain', '['.repeat(100_000)).expect(400);
    expect(JSON.parse(document.body)).toMatchObject({ code: 'UNKNOWN_FORMAT' });
  });

  it('comes back as CSV without cells that a spreadsheet would execute, unless raw cells are asked for', async () => {
    const body = `${header}\n${rows[0].replace(/^[^,]*/, '=1+1')}\n${rows[0]}\n`;
    const defused = linesOf(await post(rowsRoute, 'text/csv', body).expect(200));
    expect(defused[1]).toMatch(/^"'=1\+1",/);
    expect(defused[2].startsWith(`${rows[0].split(',')[0]},`)).toBe(true);
    const raw = linesOf(await post(`${rowsRoute}?cells=raw`, 'text/csv', body).expect(200));
    expect(raw[1]).toMatch(/^=1\+1,/);
    await post(`${rowsRoute}?cells=wild`, 'text/csv', body).expect(400);
    const command = ['score', 'phishing-website', '-', '--format', 'csv'];
    expect((await cli(command, env, body)).stdout).toContain(`"'=1+1"`);
    expect((await cli([...command, '--cells', 'raw'], env, body)).stdout).toContain('\n=1+1,');
    expect((await cli([...command, '--cells', 'wild'], env, body)).code).toBe(2);
  });

  it('gives no verdicts on addresses for a key that is not for the detector url', async () => {
    const log = `${visit}\n${flow(1)}\n`;
    const limited = await makeKey('flows', '--role', 'scorer', '--detectors', 'network-flow');
    const rowsFor = async (asKey: string): Promise<unknown[]> =>
      linesOf(await post(flowsRoute, 'application/x-ndjson', log, asKey).expect(200)).map(
        (line) => JSON.parse(line) as unknown,
      );
    expect(await rowsFor(limited)).toMatchObject([
      { line: 1, url: expect.any(String), error: 'the key is not for the detector url' },
      { line: 2, verdict: expect.any(String) },
      { summary: { urls: { benign: 0, suspicious: 0, malicious: 0, unscored: 1 } } },
    ]);
    expect(await rowsFor(key)).toMatchObject([
      { line: 1, verdict: expect.any(String), probability: expect.any(Number) },
      { line: 2 },
      { summary: { urls: { unscored: 0 } } },
    ]);
  });

  it('says with its last line why its rows end before their end', async () => {
    const text = Buffer.from(`\ufeff${[header, ...rows.slice(0, 2000)].join('\n')}\n`, 'utf16le');
    const damaged = Buffer.concat([text, Buffer.from([0x00, 0xd8, 0x41, 0x00])]);
    const csv = linesOf(await post(rowsRoute, 'text/csv', damaged).expect(200));
    expect(csv.length).toBeGreaterThan(256);
    expect(csv.at(-1)).toMatch(/^,+"?UNREADABLE_ENCODING: the answer ends here\. /);
    const ndjson = linesOf(await post(`${rowsRoute}?format=ndjson`, 'text/csv', damaged).expect(200));
    expect(JSON.parse(ndjson.at(-1)!)).toEqual({
      error: { code: 'UNREADABLE_ENCODING', detail: expect.stringContaining('UTF-16LE') },
    });
  });
});

describe('a table of addresses', () => {
  let sandbox: Sandbox;
  let server: Server;

  const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
    [
      'with a line sep=',
      'text/csv',
      'sep=;\r\nurl;kind\r\nhttp://a.example/,b;x\r\n',
      ['http://a.example/,b'],
    ],
    [
      'with spare delimiters',
      'text/csv',
      'url,label,\na.example/1,0\nb.example/2,1,,\n',
      ['a.example/1', 'b.example/2'],
    ],
    [
      'with its header in a comment',
      'text/csv',
      '# made by hand\n# id,url\n"1","http://a.example/"\n',
      ['http://a.example/'],
    ],
    [
      'with blanks before quotes',
      'text/csv',
      'url, note\n"http://a.example/x,y", "b, c"\n',
      ['http://a.example/x,y'],
    ],
    ['of one column', 'text/csv', 'url\nhttp://a.example/@1.2,3z\n', ['http://a.example/@1.2,3z']],
    [
      'that is a list',
      'text/csv',
      'http://a.example/x,1\nhttp://b.example/\n',
      ['http://a.example/x,1', 'http://b.example/'],
    ],
    [
      'that is a hosts file',
      'text/plain',
      '# bad\n0.0.0.0\ta.example b.example # May\n',
      ['a.example', 'b.example'],
    ],
    [
      'that is an array of texts',
      'application/json',
      '["http://a.example/","b.example"]',
      ['http://a.example/', 'b.example'],
    ],
    [
      'that is an ARFF file',
      'text/plain',
      "@relation r\n@attribute url string\n@data\n'http://a.example/x,y'\n",
      ['http://a.example/x,y'],
    ],
  ];
  const score = (type: string, body: string): request.Test =>
    request(server.url).post('/v1/score/url/file?format=ndjson').set('content-type', type).send(body);
  const rowsOf = (text: string): { record: { url: string }; error?: string }[] =>
    text.trimEnd().split('\n').map((line) => JSON.parse(line) as { record: { url: string } }); // prettier-ignore

  beforeAll(async () => {
    sandbox = new Sandbox();
    await serveBaseline(sandbox, 'url');
    server = await Server.start(sandbox.env);
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  it.each(cases)(
    '%s is read the same from an upload and from standard input',
    async (_, type, body, urls) => {
      const uploaded = await score(type, body).buffer(true).expect(200);
      const piped = await cli(['score', 'url', '-'], sandbox.env, body);
      for (const rows of [rowsOf(uploaded.text), rowsOf(piped.stdout)]) {
        expect(rows.map(({ record }) => record.url)).toEqual(urls);
        expect(rows.every(({ error }) => error === undefined)).toBe(true);
      }
    },
  );

  it.each(['website,category\nhttps://a.example/login,legitimate\n', 'https://a.example/login,legitimate\n'])(
    'whose header names no known column is refused, with the names that would do: %j',
    async (body) => {
      const { body: problem } = await score('text/csv', body).expect(400);
      const piped = await cli(['score', 'url', '-'], sandbox.env, body);
      expect([piped.code, piped.stdout]).toEqual([2, '']);
      for (const text of [JSON.stringify(problem), piped.stderr]) expect(text).toMatch(/domain, address/);
    },
  );

  it('comes with how it was read, where that is not what everybody expects', async () => {
    const { headers } = await score('text/csv', 'domain;Übel;URL\na.example;1;http://b.example/\n').expect(
      200,
    );
    expect(headers['x-input']).toMatch(/^[ -~]+$/);
    expect(JSON.parse(headers['x-input'])).toEqual({
      delimiter: ';',
      columns: [{ name: 'url', column: 'URL' }],
      leftOut: [
        { column: 'Übel', why: 'unknown to the contract' },
        { column: 'domain', why: "'URL' is read instead" },
      ],
    });
    expect((await score('text/csv', 'url\na.example\n').expect(200)).headers['x-input']).toBeUndefined();
  });

  it('has a fault in a row whose address is a formula', async () => {
    const { text } = await score(
      'text/csv',
      'url\n"=HYPERLINK(""http://a.example/"")"\nhttp://b.example/\n',
    ).buffer(true);
    expect(rowsOf(text)).toMatchObject([
      { error: expect.stringContaining('a formula') },
      { verdict: expect.any(String) },
    ]);
  });

  it('may say itself what its labels mean, which are those of well-known collections otherwise', async () => {
    const push = (query: string, body: string): request.Test =>
      request(server.url).post(`/v1/data/url${query}`).set('content-type', 'text/csv').send(body);
    const words =
      'url,type\na.example/1,Defacement\na.example/2,malware\na.example/3,True\na.example/4,FALSE\n';
    expect((await push('', words).expect(200)).body).toMatchObject({ stored: 4, rejected: 0 });
    await push('?threat=0&benign=1', 'url,label\na.example/5,0\n').expect(200);
    await sandbox.withDatabase(async (db) => {
      const record = await db.collection('records').findOne({ 'row.url': 'a.example/5' });
      expect(record!.label).toBe(1);
    });
    await push('?threat=0', 'url,label\na.example/6,0\n').expect(400);
    await push('?threat=0&benign=0.0', 'url,label\na.example/6,0\n').expect(400);
  });
});
