import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import request from 'supertest';
import { cli, eventually, Sandbox, Server } from './support/program.js';
import { serveBaseline } from './support/trained.js';

const route = '/v1/admin/lists';
/** As servers of updates for other systems block names, with what people leave in such files. */
const mixed = [
  '# blocked in May',
  '0.0.0.0 ads.first-site.com',
  '||second-site.com^',
  '*.third-site.com',
  'fourth-site.com # seen in May',
  '10.20.0.0/16',
  '2001:db8::1',
  'hxxp://fifth-site[.]com/a?b=1',
];

describe('the lists', () => {
  let sandbox: Sandbox;
  let first: Server;
  let second: Server;

  const decided = async (server: Server, url: string): Promise<string | null> => {
    const { body } = await request(server.url).post('/v1/score/url?explain=off').send({ url }).expect(200);
    return body.list ? `${body.list.list} ${body.list.match} ${body.list.value}` : null;
  };
  const imported = (text: string, query = 'list=deny'): request.Test =>
    request(first.url).post(`${route}/import?${query}`).set('content-type', 'text/plain').send(text);
  const remove = (body: object): request.Test => request(first.url).post(`${route}/remove`).send(body);

  beforeAll(async () => {
    sandbox = new Sandbox();
    await serveBaseline(sandbox, 'url');
    await serveBaseline(sandbox, 'network-flow');
    [first, second] = await Promise.all([Server.start(sandbox.env), Server.start(sandbox.env)]);
  });

  afterAll(async () => {
    await Promise.all([first?.stop(), second?.stop()]);
    await sandbox.remove();
  });

  it('say in a dry run what each line becomes, and store nothing then', async () => {
    const { body } = await imported(mixed.join('\r\n'), 'list=deny&dryRun=on').expect(200);
    expect(body).toMatchObject({ dryRun: true, format: 'lines', lines: 8, stored: 7, leftOut: 1, faulty: 0 });
    const becomes = body.becomes as {
      line: number;
      entries: { match: string; value: string; note: string }[];
    }[];
    expect(
      becomes.flatMap(({ line, entries }) => entries.map((e) => [line, e.match, e.value, e.note])),
    ).toEqual([
      [2, 'host', 'ads.first-site.com', ''],
      [3, 'suffix', 'second-site.com', ''],
      [4, 'suffix', 'third-site.com', ''],
      [5, 'domain', 'fourth-site.com', 'seen in May'],
      [6, 'network', '10.20.0.0/16', ''],
      [7, 'host', '[2001:db8::1]', ''],
      [8, 'url', 'fifth-site.com/a?b=1', ''],
    ]);
    const { body: stored } = await request(first.url).get(route).expect(200);
    expect(stored.total).toBe(0);
  });

  it('take a whole file, on every replica, and each entry once', async () => {
    const { body } = await imported(mixed.join('\n')).expect(200);
    expect(body).toMatchObject({ stored: 7, known: 0, faulty: 0 });
    expect(await decided(first, 'http://x.second-site.com/')).toBe('deny suffix second-site.com');
    await eventually(
      async () => (await decided(second, 'http://10.20.30.40/a')) === 'deny network 10.20.0.0/16',
    );
    expect(await decided(second, 'https://fifth-site.com//a?b=1#c')).toBe('deny url fifth-site.com/a?b=1');
    const again = await imported(mixed.join('\n')).expect(200);
    expect(again.body).toMatchObject({ stored: 0, known: 7 });
    expect((await request(first.url).get(`${route}?match=network`)).body.total).toBe(1);
  });

  it('store nothing of a file with a fault, or the rest where that is asked for', async () => {
    const text = 'sixth-site.com\nco.uk\n||seventh-site.com^$domain=a.com\n';
    const { body: problem } = await imported(text).expect(400);
    expect(problem).toMatchObject({
      code: 'REQUEST_INVALID',
      detail: expect.stringMatching(/^Nothing is stored/),
      errors: [
        { line: 2, message: expect.stringContaining('write *.co.uk') },
        { line: 3, message: expect.stringContaining('only ||seventh-site.com^ alone') },
      ],
    });
    expect(await decided(first, 'http://sixth-site.com/')).toBeNull();
    const { body } = await imported(text, 'list=deny&faults=skip').expect(200);
    expect(body).toMatchObject({ stored: 1, faulty: 2 });
    expect(await decided(first, 'http://sixth-site.com/')).toBe('deny domain sixth-site.com');
  });

  it('refuse by line what stands on the other list, until that gives way', async () => {
    await request(first.url).post(route).send({ list: 'allow', value: 'eighth-site.com' }).expect(201);
    const { body: problem } = await imported('eighth-site.com').expect(400);
    expect(problem.errors).toEqual([
      { line: 1, message: expect.stringMatching(/^is on the allow list by /) },
    ]);
    await imported('eighth-site.com', 'list=deny&replace=on').expect(200);
    expect(await decided(first, 'http://eighth-site.com/')).toBe('deny domain eighth-site.com');
  });

  it('take records of JSON, each with a decision of its own', async () => {
    const records = [
      { list: 'allow', value: 'ninth-site.com', note: 'a partner' },
      { list: 'deny', value: 'http://ninth-site.com/x?b=2&a=1', anyOrder: true },
    ];
    await request(first.url).post(`${route}/import`).send({ records }).expect(200);
    expect(await decided(first, 'http://ninth-site.com/x?a=1&b=2')).toMatch(/^deny url/);
    expect(await decided(first, 'http://ninth-site.com/')).toBe('allow domain ninth-site.com');
  });

  it('let an entry be removed with the headers that clients always send', async () => {
    const { body } = await request(first.url)
      .post(route)
      .send({ list: 'deny', value: 'tenth-site.com' })
      .expect(201);
    const answer = await request(first.url)
      .delete(`${route}/${body.id}`)
      .set('content-type', 'application/json');
    expect([answer.status, answer.body.removedBy]).toEqual([200, 'anonymous']);
    const { host, hostname, port } = new URL(first.url);
    for (const length of ['content-length: 0', 'transfer-encoding: chunked']) {
      const head = `DELETE ${route}/${body.id} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncontent-type: application/json\r\n${length}\r\n\r\n`;
      const text = await new Promise<string>((done) => {
        let got = '';
        const socket = connect(Number(port), hostname, () =>
          socket.write(head + (length.startsWith('t') ? '0\r\n\r\n' : '')),
        );
        socket.on('data', (chunk) => (got += chunk.toString())).on('close', () => done(got));
      });
      expect([length, text.split('\r\n')[0]]).toEqual([length, 'HTTP/1.1 200 OK']);
    }
  });

  it('let many entries be removed by what they cover, and name what is on no list', async () => {
    const { body } = await remove({
      values: ['*.third-site.com', '2001:DB8:0::1', 'nowhere.com'],
      ids: ['nothing'],
    });
    expect(body).toEqual({ removed: 2, unknown: ['nothing', 'nowhere.com'] });
    expect(await decided(first, 'http://a.third-site.com/')).toBeNull();
    expect((await remove({ values: ['fourth-site.com'], list: 'allow' })).body.removed).toBe(0);
  });

  it('come out as a file that goes in again', async () => {
    const { text } = await request(first.url).get(`${route}/export?list=deny`).expect(200);
    expect(text).toMatch(/^list,match,value,note,author,/);
    const { body } = await imported(text, '').expect(200);
    expect(body).toMatchObject({ format: 'csv', stored: 0, faulty: 0 });
    expect(body.known).toBeGreaterThan(5);
    const hosts = await request(first.url).get(`${route}/export?format=hosts`).expect(200);
    expect(hosts.text).toContain('\n0.0.0.0 ads.first-site.com\n');
  });

  it('are kept from the command line: several values, whole files, and what each becomes', async () => {
    const file = join(sandbox.folder, 'blocked.txt');
    writeFileSync(file, '10.0.0.0-10.0.0.5\n||line-site.com^\n');
    const dry = await cli(['lists', 'import', file, '--list', 'deny', '--dry-run'], sandbox.env);
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).toMatch(
      /network\s+10\.0\.0\.0\/30\n[^]*network\s+10\.0\.0\.4\/31\n[^]*suffix\s+line-site\.com/,
    );
    const done = await cli(
      ['lists', 'import', file, '--list', 'deny', '--note', 'a feed', '--json'],
      sandbox.env,
    );
    expect(JSON.parse(done.stdout)).toMatchObject({ stored: 3, faulty: 0 });
    await eventually(async () => (await decided(first, 'http://10.0.0.5/')) === 'deny network 10.0.0.4/31');
    const out = join(sandbox.folder, 'out.csv');
    expect((await cli(['lists', 'export', '--out', out], sandbox.env)).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toContain('deny,suffix,line-site.com,a feed,cli ');
    const removed = await cli(['lists', 'remove', '--file', file, '--json'], sandbox.env);
    expect(JSON.parse(removed.stdout)).toEqual({ removed: 3, unknown: [] });
    writeFileSync(file, 'good-site.com\nnot a value\n');
    const faulty = await cli(['lists', 'import', file, '--list', 'deny'], sandbox.env);
    expect([faulty.code, faulty.stderr]).toEqual([2, expect.stringContaining('line 2')]);
    expect((await cli(['lists', 'import', join(sandbox.folder, 'none.txt')], sandbox.env)).code).toBe(2);
  });

  it('exempt a host from verdicts and findings on flows', async () => {
    const monitor = '192.168.1.9';
    const flows = Array.from({ length: 60 }, (_, i) => ({
      ...{ ts: 1_700_000_000 + i, uid: `C${i}`, 'id.orig_h': monitor, 'id.orig_p': 40_000 + i },
      ...{ 'id.resp_h': '203.0.113.4', 'id.resp_p': 1000 + i, proto: 'tcp', conn_state: 'S0', history: 'S' },
    }));
    const score = async (): Promise<{ hosts: string[]; verdicts: string[] }> => {
      const { body } = await request(first.url)
        .post('/v1/score/flow?explain=off')
        .send({ flows })
        .expect(200);
      return {
        hosts: body.hosts.map(({ host }: { host: string }) => host),
        verdicts: [...new Set<string>(body.verdicts.map(({ verdict }: { verdict: string }) => verdict))],
      };
    };
    expect((await score()).hosts).toEqual([monitor]);
    const added = await cli(
      ['lists', 'add', 'allow', monitor, '--match', 'host', '--note', 'our monitor'],
      sandbox.env,
    );
    expect(added.stdout).toContain(`the host ${monitor} is on the allow list`);
    await eventually(async () => (await score()).hosts.length === 0);
    expect(await score()).toEqual({ hosts: [], verdicts: ['benign'] });
  });

  it('keep alerts back for a time that has to be said', async () => {
    const timeless = await cli(['lists', 'suppress', '10.9.9.9'], sandbox.env);
    expect([timeless.code, timeless.stderr]).toEqual([2, expect.stringContaining('--expires')]);
    const { body } = await request(first.url)
      .post(route)
      .send({ list: 'suppress', value: '10.9.9.9' })
      .expect(400);
    expect(body.errors[0].path).toBe('expiresAt');
    const args = ['lists', 'suppress', '10.9.9.9', '--expires', '4h', '--finding', 'beacon', '--json'];
    expect(JSON.parse((await cli(args, sandbox.env)).stdout)).toMatchObject({
      list: 'suppress',
      finding: 'beacon',
    });
  });

  it('know names of one’s own, whose look-alikes every replica finds', async () => {
    const added = await cli(
      ['lists', 'brands', 'add', 'Quarzbank', 'quarzbank.example', 'quarzbank.com'],
      sandbox.env,
    );
    expect(added.stdout).toContain('Quarzbank has quarzbank.example, quarzbank.com');
    const fake = { url: 'https://quarzbannk.shop/' };
    const verdictOn = async (): Promise<{ verdict: string; reasons: { text: string }[] }> =>
      (await request(second.url).post('/v1/score/url').send(fake)).body;
    await eventually(async () => (await verdictOn()).reasons[0]?.text.includes('your brand Quarzbank'));
    expect((await verdictOn()).verdict).not.toBe('benign');
    const listed = await cli(['lists', 'brands', 'list'], sandbox.env);
    expect(listed.stdout).toMatch(/Quarzbank\s+quarzbank\.example quarzbank\.com/);
    expect((await cli(['lists', 'brands', 'remove', 'Quarzbank'], sandbox.env)).code).toBe(0);
    expect((await cli(['lists', 'brands', 'remove', 'Quarzbank'], sandbox.env)).code).toBe(2);
    await eventually(async () => !(await verdictOn()).reasons[0]?.text.includes('your brand'));
  });
});
