import request from 'supertest';
import { type Sandbox, Server } from './support/program.js';
import { serveBaseline, trainedSandbox } from './support/trained.js';
import { gapsInAnswers, type OpenApiDocument } from './support/typed-answers.js';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly parameters: readonly { readonly name: string; readonly required: boolean }[];
  readonly responses: Record<string, { content?: Record<string, unknown> }>;
  readonly requestBody?: {
    content: Record<string, { examples?: Record<string, { value: object }>; schema?: { $ref?: string } }>;
  };
}

describe('the OpenAPI document', () => {
  let sandbox: Sandbox;
  let server: Server;
  let document: object;
  let schemas: Record<string, { properties: Record<string, { example?: unknown }> }>;
  let operations: (Operation & { method: string; path: string })[];

  beforeAll(async () => {
    sandbox = await trainedSandbox({ without: ['records'] });
    await serveBaseline(sandbox, 'url');
    await serveBaseline(sandbox, 'network-flow');
    server = await Server.start(sandbox.env);
    const { body } = await request(server.url).get('/docs/openapi.json').expect(200);
    document = body;
    schemas = body.components.schemas;
    operations = Object.entries<Record<string, Operation>>(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method, path, ...operation })),
    );
  });

  afterAll(async () => {
    await server?.stop();
    await sandbox.remove();
  });

  it('is what a browser is led to', async () => {
    await request(server.url).get('/').expect(302).expect('location', '/docs');
    const page = await request(server.url).get('/docs').expect(200).expect('content-type', /html/);
    expect(page.text).toContain('swagger-ui');
    await request(server.url).get('/docs/swagger-ui-bundle.js').expect(200);
  });

  it('gives every route a summary, a stable operation id and its error answers', () => {
    expect(operations.length).toBeGreaterThanOrEqual(21);
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operationId, summary, responses } of operations) {
      expect(operationId).toMatch(/^[a-z][A-Za-z]+$/);
      expect({ path, summary }).toEqual({ path, summary: expect.stringMatching(/\w{3,}/) });
      if (path === '/health/live') continue;
      expect({ path, codes: Object.keys(responses) }).toEqual({
        path,
        codes: expect.arrayContaining(['503']),
      });
    }
  });

  it('has page and pageSize, which may be left out, at every route that answers with a page', () => {
    const isPage = ({ responses }: Operation): boolean =>
      /"#\/components\/schemas\/\w*PageDto"/.test(JSON.stringify(responses['200'] ?? {}));
    const paged = operations.filter(isPage);
    expect(paged.length).toBeGreaterThanOrEqual(8);
    for (const { path, parameters } of paged) {
      const found = parameters.filter(({ name }) => ['page', 'pageSize'].includes(name));
      expect({ path, required: found.map(({ required }) => required) }).toEqual({
        path,
        required: [false, false],
      });
    }
  });

  it('refers only to what it defines', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, name] of references) expect(Object.keys(schemas)).toContain(name);
  });

  it('says of every answer what it is made of, in a type and a sentence a property', () => {
    expect(gapsInAnswers(document as OpenApiDocument)).toEqual([]);
  });

  it('has examples that the service accepts', async () => {
    const tried = new Set<string>();
    for (const operation of operations) {
      for (const example of examplesOf(operation)) {
        const { operationId, method, path } = operation;
        const url = path
          .replace('{detector}', 'phishing-website')
          .replace('{version}', '1')
          .replace('{key}', 'reviewed');
        const { status, text, body } = await request(server.url)[method as 'post'](url).send(example);
        // The one version serves already, and nothing challenges it.
        const ok = status < 300 || body.code === 'NOTHING_TO_MOVE';
        expect({ operationId, text, ok }).toEqual({ operationId, text, ok: true });
        tried.add(operationId!);
      }
    }
    expect([...tried].sort()).toEqual([
      'addListEntry',
      'applyRetention',
      'challengeModel',
      'createKey',
      'describeVersion',
      'importListEntries',
      'promoteVersion',
      'pushData',
      'removeListEntries',
      'retryTracking',
      'rollbackModel',
      'scoreFile',
      'scoreFlows',
      'scoreRecords',
      'scoreUrls',
      'startRun',
      'tagVersion',
    ]);
  });

  /** The bodies that Swagger UI offers: named examples, or the examples of the body's properties put together. */
  function examplesOf({ requestBody }: Operation): object[] {
    const { examples, schema } = requestBody?.content['application/json'] ?? {};
    if (examples) return Object.values(examples).map(({ value }) => value);
    const name = schema?.$ref?.split('/').at(-1);
    if (!name) return [];
    const properties = Object.entries(schemas[name].properties).filter(
      ([, { example }]) => example !== undefined,
    );
    return [Object.fromEntries(properties.map(([key, { example }]) => [key, example]))];
  }
});
