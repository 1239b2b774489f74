import request from 'supertest';
import { phishingExample } from '../src/common/examples.js';
import {
  addressOf,
  another,
  bodyOfNothing,
  isDetectorRule,
  named,
  type Operation,
  refusal,
  type Scope,
  scopes,
} from './support/access-matrix.js';
import { Guarded, type Role, roles } from './support/guarded.js';
import { eventually, type Server } from './support/program.js';

describe('access', () => {
  let guarded: Guarded;
  let server: Server;
  let keys: Record<Role, string>;

  beforeAll(async () => {
    guarded = await Guarded.open();
    ({ server, keys } = guarded);
  });
  afterAll(() => guarded?.close());

  describe('of every route of the OpenAPI document', () => {
    let operations: Operation[];

    /** Asks for something that is not there, so that nothing is changed by who is let through. */
    const ask = ({ method, path }: Operation, headers: Record<string, string>): request.Test => {
      const url = path.replace('{version}', '999').replaceAll(/\{\w+\}/g, 'nothing');
      const asked = request(server.url)[method as 'get'](url).set(headers);
      return ['post', 'put', 'patch'].includes(method) ? asked.send({ detector: 'nothing' }) : asked;
    };

    beforeAll(async () => {
      const { body } = await request(server.url).get('/docs/openapi.json').expect(200);
      operations = Object.entries<Record<string, Operation>>(body.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
      );
      expect(operations.length).toBeGreaterThanOrEqual(21);
    });

    it('has a rule, which the document names', () => {
      for (const { operationId, 'x-required-role': rule, responses, security } of operations) {
        expect({ operationId, rule }).toEqual({
          operationId,
          rule: expect.stringMatching(/^(public|viewer|scorer|trainer|admin)$/),
        });
        if (rule === 'public') continue;
        expect({ operationId, security }).toEqual({
          operationId,
          security: [{ 'x-api-key': [] }, { bearer: [] }],
        });
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '403']));
      }
      const open = operations.filter((operation) => operation['x-required-role'] === 'public');
      expect(open.map(({ path }) => path).sort()).toEqual(['/health/live', '/health/ready']);
    });

    it('is open or refuses who has no key, or one that is not valid', async () => {
      const damaged = keys.admin.slice(0, -1) + (keys.admin.endsWith('A') ? 'E' : 'A');
      for (const operation of operations) {
        const { operationId, 'x-required-role': rule } = operation;
        for (const [headers, code] of [
          [{}, 'KEY_MISSING'],
          [{ 'x-api-key': damaged }, 'KEY_REFUSED'],
          [{ authorization: 'Bearer nonsense' }, 'KEY_REFUSED'],
        ] as const) {
          const answer = await ask(operation, headers);
          // 503 from readiness is an answer, too.
          if (rule === 'public') expect([200, 503]).toContain(answer.status);
          else {
            expect({ operationId, code: answer.body.code }).toEqual({ operationId, code });
            expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer']);
          }
        }
      }
    });

    it.each(roles)('lets a %s do what the role covers, and nothing else', async (role) => {
      for (const operation of operations) {
        const { operationId, 'x-required-role': rule } = operation;
        const { status, body } = await ask(operation, { authorization: `Bearer ${keys[role]}` });
        const covered = rule === 'public' || roles.indexOf(rule!) <= roles.indexOf(role);
        if (covered) {
          expect({ operationId, status, refused: [401, 403].includes(status) }).toMatchObject({
            refused: false,
          });
          expect(status).not.toBe(500);
        } else
          expect({ operationId, status, code: body.code }).toEqual({
            operationId,
            status: 403,
            code: 'ROLE_TOO_LOW',
          });
      }
    });
  });

  describe('of every route, by role and by the detectors of the key,', () => {
    const matrix = new Map<string, string>();
    let operations: Operation[];
    let prediction: string;
    let run: string;

    const keyOf = (role: Role, scope: Scope): string => matrix.get(`${role} ${scope}`)!;
    const ask = (
      method: string,
      address: string,
      key: string,
      body: object = bodyOfNothing,
    ): request.Test => {
      const asked = request(server.url)[method as 'get'](address).set('x-api-key', key);
      return ['post', 'put', 'patch'].includes(method) ? asked.send(body) : asked;
    };
    /** Of routes that look at the body before they look for the id. */
    const soundBodies: Record<string, object> = { giveFeedback: { label: 'benign' } };
    const owned = (): Operation[] => operations.filter(({ 'x-detectors': rule }) => rule === 'own');

    beforeAll(async () => {
      const { body } = await request(server.url).get('/docs/openapi.json').expect(200);
      operations = Object.entries<Record<string, Operation>>(body.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
      );
      const order = (path: string, sent: object): request.Test =>
        request(server.url).post(path).set('x-api-key', keys.admin).send(sent);
      for (const role of roles) {
        for (const scope of scopes) {
          const detectors = scope === null ? {} : { detectors: [scope] };
          const made = await order('/v1/admin/keys', { name: `a ${role} of ${scope}`, role, ...detectors });
          matrix.set(`${role} ${scope}`, made.body.key as string);
        }
      }
      const scored = await order(`/v1/score/${named}`, { record: phishingExample }).expect(200);
      prediction = scored.body.id;
      await eventually(
        async () => (await guarded.statusOf(keys.viewer, `/v1/predictions/${prediction}`)) === 200,
      );
      const runs = await ask('get', `/v1/training-runs?detector=${named}`, keys.viewer);
      run = runs.body.items[0].id;
    });

    it('the document says for each that is not public which detectors it is about', () => {
      const without = operations
        .filter((operation) => operation['x-required-role'] !== 'public')
        .filter((operation) => !isDetectorRule(operation['x-detectors']))
        .map(({ operationId }) => operationId);
      expect(without).toEqual([]);
    });

    it.each(
      roles.flatMap((role) => scopes.map((scope) => [role, scope ?? 'every detector', scope] as const)),
    )(
      'a key of role %s for %s is let through where role and detectors cover it, and refused with the reason elsewhere',
      async (role, _, scope) => {
        const wrong: object[] = [];
        for (const operation of operations) {
          const { operationId, method } = operation;
          const { status, body } = await ask(method, addressOf(operation), keyOf(role, scope));
          const expected = refusal(operation, role, scope);
          const refused = [401, 403].includes(status) ? (body.code as string) : null;
          if (refused !== expected || status === 500) wrong.push({ operationId, expected, refused, status });
        }
        expect(wrong).toEqual([]);
      },
    );

    it('what belongs to another detector is as unknown as what is not there, in each route that is about one own', async () => {
      const wrong: object[] = [];
      expect(owned()).not.toEqual([]);
      for (const { operationId, method, path } of owned()) {
        if (!path.includes('{id}')) continue;
        const there = path.startsWith('/v1/predictions/') ? prediction : run;
        const nowhere = '00000000-0000-4000-8000-000000000000';
        const [hidden, unknown] = await Promise.all(
          [there, nowhere].map(async (id) => {
            const answer = await ask(
              method,
              path.replace('{id}', id),
              keyOf('admin', another),
              soundBodies[operationId],
            );
            const { requestId, ...problem } = answer.body as Record<string, unknown>;
            expect(requestId).toBe(answer.headers['x-request-id']);
            return { status: answer.status, text: JSON.stringify(problem).replaceAll(id, 'the id') };
          }),
        );
        if (hidden.status !== 404 || hidden.text !== unknown.text)
          wrong.push({ operationId, hidden, unknown });
      }
      expect(wrong).toEqual([]);
    });

    it('a list shows a limited key nothing of another detector, in each route that is about its own', async () => {
      const telling: string[] = [];
      expect(owned()).not.toEqual([]);
      for (const { operationId, method, path } of owned()) {
        if (path.includes('{')) continue;
        const { status, text } = await ask(method, path, keyOf('admin', another));
        if (status === 200 && text.includes(named)) telling.push(operationId);
      }
      expect(telling).toEqual([]);
    });
  });
});
