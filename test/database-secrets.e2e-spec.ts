import request from 'supertest';
import { spellingsOf } from '../src/common/redact.js';
import { secretsOf } from '../src/config/mongo-address.js';
import { DatabaseLine } from './support/database-line.js';
import { cli, eventually, Sandbox, Server } from './support/program.js';
import { Running } from './support/running.js';

/** What ends a password for a careless reader: quotes, brackets, blanks, and what a URL must have encoded. */
const passwords = [`"quo't<ed>b\`s3cret`, `all%40of%2Fthem"'<>\`s3cret`];

const inQuery =
  'proxyHost=127.0.0.1&proxyUsername=pr0xy-user&proxyPassword=pr0xy"word' +
  '&tlsCertificateKeyFilePassword=k3y<file>word' +
  '&authMechanismProperties=AWS_SESSION_TOKEN:t0k%2Fen"t41l';

/** Parts that no encoding changes: where one of them stands, some form of the secret does. */
const traces = ['s3cret', 'pr0xy', 'k3y', 't0k', 't41l'];

describe('the secrets of MONGODB_URI', () => {
  const sandbox = new Sandbox();

  afterAll(() => sandbox.remove());

  const expectNoSecret = (text: string, uri: string): void => {
    for (const secret of [...secretsOf(uri).flatMap(spellingsOf), ...traces])
      expect(text).not.toContain(secret);
  };

  describe.each(passwords)('with the password %s', (password) => {
    it.each([
      ['where nothing listens', `mongodb://admin:${password}@127.0.0.1:1/netwarden?${inQuery}`],
      ['where they cannot be read', `mongodb://admin:${password}/@127.0.0.1:1/netwarden?${inQuery}`],
      ['with an option that there is not', `mongodb://admin:${password}@127.0.0.1:1/x?nonsense=${password}`],
    ])('are not in what a command and a server say %s', async (_, uri) => {
      const env = { ...sandbox.env, MONGODB_URI: uri, LOG_LEVEL: 'trace' };
      const server = Running.loaded({ script: 'main.js', args: [], env });
      const [{ code, stdout, stderr }, serverCode] = await Promise.all([
        cli(['db', 'check'], env),
        server.ended,
      ]);
      expect(code).toBeGreaterThan(0);
      expect(stdout).toBe('');
      expect(stderr).not.toBe('');
      expectNoSecret(stderr, uri);
      expect(serverCode).toBeGreaterThan(0);
      expectNoSecret(server.stdout + server.stderr, uri);
    });

    it('are not in what is said of a refused login', async () => {
      const { port } = new URL(sandbox.env.MONGODB_URI);
      const uri = `mongodb://nobody:${password}@127.0.0.1:${port}/x?directConnection=true&authSource=admin`;
      const message = await eventually(async () => {
        const { code, stderr } = await cli(['db', 'check'], { ...sandbox.env, MONGODB_URI: uri });
        expect(code).toBe(1);
        expectNoSecret(stderr, uri);
        // A busy server is too late to say what it thinks of the login.
        return !stderr.includes('timed out') && stderr;
      });
      expect(message).toContain(`MongoDB at 127.0.0.1:${port}/x refuses the login`);
    });

    it('are neither in the log nor in the state of a server, also when the database is gone', async () => {
      const user = `user-${passwords.indexOf(password)}`;
      const pwd = decodeURIComponent(password);
      await sandbox.withDatabase((_, client) =>
        client.db('admin').command({ createUser: user, pwd, roles: ['root'] }),
      );
      const line = await DatabaseLine.open(sandbox.env.MONGODB_URI);
      const { host } = new URL(line.uri);
      const uri = `mongodb://${user}:${password}@${host}/${sandbox.database}?directConnection=true&authSource=admin`;
      const server = await Server.start({ ...sandbox.env, MONGODB_URI: uri, LOG_LEVEL: 'trace' });
      try {
        const ready = await request(server.url).get('/health/ready').expect(200);
        expect(ready.body.database.link).toBe(`MongoDB from MONGODB_URI: ${host}/${sandbox.database}`);
        expectNoSecret(ready.text, uri);
        line.cut();
        const down = await eventually(async () => {
          const answer = await request(server.url).get('/health/ready');
          return answer.status === 503 && answer;
        });
        expect(down.body.database.status).toBe('down');
        expectNoSecret(down.text, uri);
      } finally {
        await server.stop();
        await line.close();
        await sandbox.withDatabase((_, client) => client.db('admin').command({ dropUser: user }));
      }
      expectNoSecret(server.log, uri);
    });
  });
});
