import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cleanKey, metrics, params } from './entities.js';
import { MlflowClient } from './mlflow-client.js';
import { trackingServer } from './tracking-server.js';

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}
interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Gives its answers in turn, the last one for ever, and remembers what it was asked. */
let answers: Answer[];
let requests: Request[];
let server: Server;
let client: MlflowClient;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      requests.push({ method: request.method!, url: request.url!, headers: request.headers, body });
      const answer = answers.length > 1 ? answers.shift()! : answers[0];
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
      response.writeHead(answer.status ?? 200, answer.headers).end(text);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});
afterAll(() => server.close());

beforeEach(() => {
  answers = [{}];
  requests = [];
  const { port } = server.address() as AddressInfo;
  const address = trackingServer(`http://ann:p%40ss@127.0.0.1:${port}/owner/repo.mlflow/`);
  client = new MlflowClient(address, { backOffMs: 1, timeoutMs: 2000 });
});

const html = '<!doctype html><title>404 Not Found</title>';
const run = {
  info: {
    run_id: 'r1',
    experiment_id: '1',
    status: 'RUNNING',
    artifact_uri: 'mlflow-artifacts:/1/r1/artifacts',
  },
};

describe('where a tracking server is', () => {
  it('keeps the path and takes the credentials out of the URI', () => {
    expect(trackingServer('https://ann:s3cret@dagshub.com/ann/repo.mlflow//')).toEqual({
      base: 'https://dagshub.com/ann/repo.mlflow',
      authorization: 'Basic YW5uOnMzY3JldA==',
    });
  });

  it.each([
    [{ username: 'ann', password: 'pw' }, 'Basic YW5uOnB3'],
    [{ token: 'abc' }, 'Bearer abc'],
    [{ username: 'ann', password: 'pw', token: 'abc' }, 'Basic YW5uOnB3'],
    [{}, undefined],
  ])('speaks for %j', (credentials, authorization) => {
    expect(trackingServer('http://127.0.0.1:5000', credentials).authorization).toBe(authorization);
  });
});

describe('calls', () => {
  it('go below the path, with credentials and JSON', async () => {
    answers = [{ body: { run } }];
    await client.runs.create('1', 'a run', new Date(1700000000123), [{ key: 'k', value: 'v' }]);
    expect(requests).toHaveLength(1);
    expect(requests[0].url).toBe('/owner/repo.mlflow/api/2.0/mlflow/runs/create');
    expect(requests[0].headers).toMatchObject({
      authorization: 'Basic YW5uOnBAc3M=',
      'content-type': 'application/json',
    });
    expect(JSON.parse(requests[0].body)).toEqual({
      experiment_id: '1',
      run_name: 'a run',
      start_time: 1700000000123,
      tags: [{ key: 'k', value: 'v' }],
    });
  });

  it('send what is too much for one batch in several', async () => {
    const many = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`p${i}`, i]));
    const points = Array.from({ length: 1001 }, (_, i) => ({
      key: `m${i}`,
      value: i,
      timestamp: 1,
      step: 0,
    }));
    await client.runs.log('r1', { params: params(many), metrics: points });
    const sizes = requests.map(({ body }) => {
      const { params: p = [], metrics: m = [] } = JSON.parse(body) as Record<string, unknown[]>;
      return [p.length, m.length];
    });
    expect(sizes).toEqual([
      [100, 0],
      [100, 0],
      [50, 0],
      [0, 1000],
      [0, 1],
    ]);
  });

  it('are tried again when the server is not well, after as long as it asks', async () => {
    answers = [
      { status: 503, body: html },
      { status: 429, headers: { 'retry-after': '0' } },
      { body: { run } },
    ];
    expect((await client.runs.get('r1')).info.run_id).toBe('r1');
    expect(requests).toHaveLength(3);
  });

  it('are given up after three tries', async () => {
    answers = [{ status: 500, body: html }];
    await expect(client.runs.get('r1')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(requests).toHaveLength(3);
  });

  it('that make a new thing are not sent twice', async () => {
    answers = [{ status: 502, body: html }];
    await expect(client.runs.create('1', 'n', new Date(0), [])).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(requests).toHaveLength(1);
  });

  it.each([
    [{ status: 404, body: html }, 'unsupported'],
    [{ status: 405, body: html }, 'unsupported'],
    [{ status: 503, body: 'disabled due to `--no-serve-artifacts`' }, 'unsupported'],
    [{ status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST' } }, 'missing'],
    [{ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } }, 'refused'],
    [{ status: 401, body: 'You are not authenticated' }, 'unauthorized'],
    [{ status: 403, body: 'Permission denied' }, 'forbidden'],
    [{ status: 302, headers: { location: '/login' } }, 'refused'],
    [{ status: 200, body: '<html>a login page</html>' }, 'refused'],
    [{ status: 200, body: { run: { info: {} } } }, 'refused'],
  ])('say what an answer means: %j is %s', async (answer, kind) => {
    answers = [answer];
    await expect(client.runs.get('r1')).rejects.toMatchObject({ kind });
    expect(requests).toHaveLength(1);
  });

  it('keep what the server wrote, and the password, out of the message', async () => {
    answers = [{ status: 400, body: { error_code: 'BAD_REQUEST', message: 'INSERT INTO /srv/mlflow p@ss' } }];
    await expect(client.runs.get('r1')).rejects.toThrow(
      /^GET \/api\/2\.0\/mlflow\/runs\/get was answered with 400 BAD_REQUEST$/,
    );
  });

  it('end when an answer does not', async () => {
    const endless = createServer((_, response) => {
      const piece = Buffer.alloc(2 ** 20, ' ');
      const more = (): void => void (response.destroyed || response.write(piece, () => setImmediate(more)));
      response.on('error', () => undefined).on('close', () => response.destroy());
      more();
    });
    await new Promise<void>((ready) => endless.listen(0, '127.0.0.1', ready));
    const { port } = endless.address() as AddressInfo;
    const asking = new MlflowClient(trackingServer(`http://127.0.0.1:${port}`));
    await expect(asking.runs.get('r1')).rejects.toThrow('an answer has no end');
    endless.closeAllConnections();
    endless.close();
  });

  it('end when the server does not answer in time', async () => {
    const { port } = server.address() as AddressInfo;
    const silent = createServer(() => undefined);
    await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready));
    const silentPort = (silent.address() as AddressInfo).port;
    expect(silentPort).not.toBe(port);
    const impatient = new MlflowClient(trackingServer(`http://127.0.0.1:${silentPort}`), {
      timeoutMs: 50,
      tries: 2,
      backOffMs: 1,
    });
    await expect(impatient.runs.get('r1')).rejects.toThrow('had no answer within 50 ms');
    silent.closeAllConnections();
    silent.close();
  });
});

describe('artifacts', () => {
  const root = 'mlflow-artifacts:/1/r1/artifacts';

  it('are uploaded segment by segment, and begun anew on the next try', async () => {
    answers = [{ status: 503, body: html }, { body: '' }];
    async function* read(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('ab'));
      yield Buffer.from('cd');
    }
    await client.artifacts.put(root, 'a b/50%+é?.txt', read, 4);
    expect(requests.map(({ body }) => body)).toEqual(['abcd', 'abcd']);
    expect(requests[1].url).toBe(
      '/owner/repo.mlflow/api/2.0/mlflow-artifacts/artifacts/1/r1/artifacts/a%20b/50%25%2B%C3%A9%3F.txt',
    );
  });

  it('are read piece by piece, and again from the start when the server was not well', async () => {
    answers = [{ status: 503, body: html }, { body: 'the bytes' }];
    let text = '';
    for await (const piece of await client.artifacts.get(root, 'a', 9)) text += Buffer.from(piece).toString();
    expect(text).toBe('the bytes');
  });

  it('that end too early are no success', async () => {
    const cutting = createServer((_, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('half', () => response.destroy());
    });
    await new Promise<void>((ready) => cutting.listen(0, '127.0.0.1', ready));
    const { port } = cutting.address() as AddressInfo;
    const reader = new MlflowClient(trackingServer(`http://127.0.0.1:${port}`), { tries: 1 });
    const readAll = async (): Promise<void> => {
      for await (const piece of await reader.artifacts.get(root, 'a', 10)) expect(piece).toHaveLength(4);
    };
    await expect(readAll()).rejects.toMatchObject({ kind: 'unavailable' });
    cutting.close();
  });

  it.each(['../up', 'a//b', '/a', 'a/.', ''])('are not written to %j', async (path) => {
    await expect(client.artifacts.put(root, path, Buffer.from('x'), 1)).rejects.toThrow(RangeError);
    expect(requests).toEqual([]);
  });

  it('that a client has to write itself are not supported', async () => {
    const put = client.artifacts.put('s3://bucket/1/r1', 'a', Buffer.from('x'), 1);
    await expect(put).rejects.toMatchObject({ kind: 'unsupported' });
  });
});

describe('the registry', () => {
  it.each([
    [{ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } }],
    [{ status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST' } }],
  ])('has no version of an alias that is not set: %j', async (answer) => {
    answers = [answer];
    expect(await client.registry.aliased('m', 'champion')).toBeNull();
  });

  it('takes a model that is there already', async () => {
    answers = [{ status: 400, body: { error_code: 'RESOURCE_ALREADY_EXISTS' } }];
    await expect(client.registry.ensureModel('m', '')).resolves.toBeUndefined();
  });

  it('lets no quote into a filter', async () => {
    await client.registry.findByTag('m', 'k', "x' OR name='other");
    expect(new URL(requests[0].url, 'http://h').searchParams.get('filter')).toBe(
      "name='m' AND tags.`k` = 'x__OR_name__other'",
    );
  });
});

describe('an experiment', () => {
  it('that was deleted comes back', async () => {
    answers = [{ body: { experiment: { experiment_id: '7', name: 'n', lifecycle_stage: 'deleted' } } }, {}];
    expect(await client.runs.experiment('n')).toBe('7');
    expect(requests[1].url).toContain('experiments/restore');
  });

  it('that somebody else made in between is used', async () => {
    answers = [
      { status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST' } },
      { status: 400, body: { error_code: 'RESOURCE_ALREADY_EXISTS' } },
      { body: { experiment: { experiment_id: '8', name: 'n', lifecycle_stage: 'active' } } },
    ];
    expect(await client.runs.experiment('n')).toBe('8');
  });
});

describe('what a server can do', () => {
  it('is asked once', async () => {
    answers = [{}, { body: '2.7.1' }, { status: 404, body: html }, { body: {} }];
    const found = await client.capabilities();
    expect(await client.capabilities()).toBe(found);
    expect(requests).toHaveLength(5);
  });

  it('is no question where the credentials are wrong', async () => {
    answers = [{ status: 401, body: 'You are not authenticated' }];
    await expect(client.capabilities()).rejects.toThrow('the user name, password or token is wrong');
  });
});

describe('names and values', () => {
  it.each([
    ['f1', 'f1'],
    ['a:b@c', 'a_b_c'],
    ['../x', 'x'],
    ['/a//b', 'a/b'],
    ['', '_'],
    ['é', '_'],
    ['k'.repeat(300), 'k'.repeat(250)],
  ])('%j becomes %j', (key, clean) => expect(cleanKey(key)).toBe(clean));

  it('are text, short enough for the oldest server, and stand there once', () => {
    expect(params({ a: 5, 'b:': true, b_: [1], c: null, d: 'x'.repeat(501) })).toEqual([
      { key: 'a', value: '5' },
      { key: 'b_', value: '[1]' },
      { key: 'd', value: `${'x'.repeat(499)}…` },
    ]);
  });

  it('leave out what a server would store as 0', () => {
    expect(metrics({ f1: 0.5, nan: NaN, none: null, inf: Infinity }, 12.7)).toEqual([
      { key: 'f1', value: 0.5, timestamp: 12, step: 0 },
    ]);
  });
});
