import {
  type ArgumentsHost,
  BadRequestException,
  HttpException,
  Logger,
  NotFoundException,
} from '@nestjs/common';
import { mongo } from 'mongoose';
import { type InputFault, NetwardenError, RequestInvalidError } from './errors.js';
import { ProblemFilter } from './problem.filter.js';

class ChampionMovedError extends NetwardenError {
  readonly code = 'CHAMPION_CHANGED';
  override readonly details = { actualChampion: 4 };
}

class RunBrokenError extends NetwardenError {
  readonly code = 'BUNDLE_DAMAGED';
}

class KeyWantedError extends NetwardenError {
  readonly code = 'KEY_MISSING';
}

class FakeReply {
  sent = false;
  readonly headers: Record<string, string> = {};
  answers: { status: number; type: string; body: Record<string, unknown> }[] = [];
  private answer = { status: 0, type: '' };

  header(name: string, value: string): this {
    this.headers[name] = value;
    return this;
  }

  status(status: number): this {
    this.answer.status = status;
    return this;
  }

  type(type: string): this {
    this.answer.type = type;
    return this;
  }

  send(text: string): this {
    this.answers.push({ ...this.answer, body: JSON.parse(text) as Record<string, unknown> });
    return this;
  }
}

describe('the problem filter', () => {
  let reply: FakeReply;
  let logged: unknown[];

  const answerTo = (thrown: unknown): Record<string, unknown> => {
    const http = { getRequest: () => ({ id: 'req-1' }), getResponse: () => reply };
    new ProblemFilter().catch(thrown, { switchToHttp: () => http } as unknown as ArgumentsHost);
    const [{ status, type, body }] = reply.answers;
    expect(type).toBe('application/problem+json');
    expect(body.status).toBe(status);
    return body;
  };

  beforeEach(() => {
    reply = new FakeReply();
    logged = [];
    const nothing = (): void => undefined;
    Logger.overrideLogger({ log: nothing, warn: nothing, error: (error: unknown) => logged.push(error) });
  });
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  it("answers the project's own errors with their code, text and details", () => {
    expect(answerTo(new ChampionMovedError('The champion is 4.'))).toEqual({
      type: 'urn:netwarden:problem:champion-changed',
      title: 'Champion changed',
      status: 409,
      detail: 'The champion is 4.',
      code: 'CHAMPION_CHANGED',
      requestId: 'req-1',
      actualChampion: 4,
    });
    expect(logged).toEqual([]);
  });

  it('says how to be let in where it lets nobody in without a key', () => {
    expect(answerTo(new KeyWantedError('A key is needed.'))).toMatchObject({ status: 401 });
    expect(reply.headers).toEqual({ 'www-authenticate': 'Bearer' });
  });

  it('names every fault of an input', () => {
    const errors: InputFault[] = [{ path: 'page', message: 'page must not be less than 1' }];
    expect(answerTo(new RequestInvalidError(errors))).toMatchObject({
      status: 400,
      code: 'REQUEST_INVALID',
      errors,
    });
  });

  it('logs its own errors where they are faults of the service', () => {
    const error = new RunBrokenError('The model bundle is refused.');
    expect(answerTo(error)).toMatchObject({ status: 500, detail: 'The model bundle is refused.' });
    expect(logged).toEqual([error]);
  });

  it.each([
    [new NotFoundException('Cannot GET /v2'), 404, 'ROUTE_UNKNOWN', 'Cannot GET /v2'],
    [
      new BadRequestException('Unexpected end of JSON input'),
      400,
      'REQUEST_INVALID',
      'Unexpected end of JSON input',
    ],
    [new HttpException('slow down', 429), 429, 'REQUEST_REFUSED', 'slow down'],
  ])('answers Nest’s exception %s', (thrown, status, code, detail) => {
    expect(answerTo(thrown)).toMatchObject({ status, code, detail });
    expect(logged).toEqual([]);
  });

  it('hides the text of Nest’s exceptions that are faults of the service', () => {
    expect(answerTo(new HttpException('disk /dev/sda1 is full', 507))).toMatchObject({
      status: 507,
      code: 'INTERNAL',
      detail: 'Something went wrong here.',
    });
  });

  it.each([
    [413, 'BODY_TOO_LARGE'],
    [415, 'MEDIA_TYPE_UNSUPPORTED'],
    [405, 'METHOD_NOT_ALLOWED'],
    [400, 'REQUEST_INVALID'],
    [431, 'REQUEST_REFUSED'],
  ])('answers what Fastify refuses with %d', (statusCode, code) => {
    const thrown = Object.assign(new Error('Request body is too large'), { statusCode, code: 'FST_ERR' });
    expect(answerTo(thrown)).toMatchObject({ status: statusCode, code, detail: 'Request body is too large' });
  });

  it.each([
    [new mongo.MongoNetworkError('connect ECONNREFUSED 10.0.0.5:27017')],
    [new mongo.MongoServerSelectionError('timed out', {} as mongo.TopologyDescription)],
    [new mongo.MongoNotConnectedError('Client must be connected')],
  ])('says that the database is away (%s), not where it is', (thrown) => {
    const { status, code, detail } = answerTo(thrown);
    expect([status, code]).toEqual([503, 'DATABASE_UNAVAILABLE']);
    expect(detail).not.toContain(thrown.message);
    expect(logged).toEqual([thrown]);
  });

  it.each([
    [new TypeError('x is undefined in /srv/netwarden/app.js')],
    [Object.assign(new Error('secret'), { statusCode: 500 })],
    [Object.assign(new Error('secret'), { statusCode: 200 })],
    [Object.assign(new Error('secret'), { statusCode: '404' })],
    ['secret'],
    [null],
    [undefined],
  ])('answers what it does not know with a bare 500 and logs it: %p', (thrown) => {
    expect(answerTo(thrown)).toEqual({
      type: 'urn:netwarden:problem:internal',
      title: 'Internal',
      status: 500,
      detail: 'Something went wrong here. The log has it under this request id.',
      code: 'INTERNAL',
      requestId: 'req-1',
    });
    expect(logged).toEqual([thrown instanceof Error ? thrown : new Error(String(thrown))]);
  });

  it('takes secrets out of a text', () => {
    const thrown = new BadRequestException('cannot read mongodb://admin:s3cret@db/x');
    expect(answerTo(thrown).detail).toBe('cannot read mongodb://***@db/x');
  });

  it('adds nothing to an answer that is on its way, but logs', () => {
    reply.sent = true;
    const http = { getRequest: () => ({ id: 'req-1' }), getResponse: () => reply };
    new ProblemFilter().catch(new Error('late'), { switchToHttp: () => http } as unknown as ArgumentsHost);
    expect([reply.answers, logged]).toEqual([[], [new Error('late')]]);
  });
});
