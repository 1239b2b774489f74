import { setTimeout as wait } from 'node:timers/promises';
import type { z } from 'zod';
import { backOffMs } from '../../common/back-off.js';
import { parseJson } from '../../common/json-text.js';
import { isMlflowError, MlflowError } from './mlflow.errors.js';
import { refusal } from './refusal.js';
import type { TrackingServer } from './tracking-server.js';

export interface TransportOptions {
  /** For one try, milliseconds; an upload has more, by its size. */
  readonly timeoutMs?: number;
  /** Tries a call. */
  readonly tries?: number;
  /** Before the second try; doubled for each further one, and shortened by up to half by chance. */
  readonly backOffMs?: number;
  /** Ends every call. */
  readonly stop?: AbortSignal;
}

export type Values = Readonly<Record<string, unknown>>;
export type Query = Readonly<Record<string, string | number | undefined>>;
/** Bytes, or a function that begins to read them: a stream cannot be sent twice. */
export type Upload = Uint8Array | (() => AsyncIterable<Uint8Array>);

type Body = NonNullable<RequestInit['body']>;

interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: () => Body;
  readonly timeoutMs?: number;
  /** The call makes a new thing each time, so whoever asks has to look before the next try. */
  readonly once?: boolean;
}

/** No answer of the API comes anywhere near it, bytes. */
const longestAnswer = 32 * 2 ** 20;

/** How much longer a call that makes a new thing each time is waited for. */
const onceFactor = 6;

/** Slower uploads than this are given up, bytes a millisecond. */
const slowestUpload = 50;

/** Speaks HTTP to a tracking server: paths, credentials, time-outs, further tries, and what its answers mean. */
export class MlflowTransport {
  private readonly timeoutMs: number;
  private readonly tries: number;
  private readonly backOffMs: number;

  constructor(
    private readonly server: TrackingServer,
    private readonly options: TransportOptions = {},
  ) {
    this.timeoutMs = options.timeoutMs ?? 10_000;
    this.tries = options.tries ?? 3;
    this.backOffMs = options.backOffMs ?? 300;
  }

  get base(): string {
    return this.server.base;
  }

  /** Reads; values that are undefined are left out. @throws MlflowError */
  get<T>(schema: z.ZodType<T>, path: string, values: Query = {}): Promise<T> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined) query.set(name, String(value));
    }
    const suffix = query.size === 0 ? '' : `?${query.toString()}`;
    return this.json(schema, { method: 'GET', path: path + suffix });
  }

  /** Sends JSON. @throws MlflowError */
  write<T>(
    schema: z.ZodType<T>,
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    values: Values,
    { once = false }: { once?: boolean } = {},
  ): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    // Given up too early, what it makes would be there unknown to whoever asks again.
    const timeoutMs = once ? this.timeoutMs * onceFactor : this.timeoutMs;
    return this.json(schema, { method, path, headers, body: () => JSON.stringify(values), once, timeoutMs });
  }

  /** Sends bytes; what the server says of them, if anything, does not matter. @throws MlflowError */
  async upload(path: string, upload: Upload, size: number): Promise<void> {
    const timeoutMs = this.timeoutMs + size / slowestUpload;
    const body = (): Body => (typeof upload === 'function' ? upload() : upload);
    // Servers with basic authentication store nothing of a body that says no length, and answer 200.
    const headers = { 'content-length': String(size) };
    await this.send({ method: 'PUT', path, headers, body, timeoutMs });
  }

  /**
   * Reads a body piece by piece; tried again only until the first one. @param size expected, bytes
   * @throws MlflowError, in the middle of it too
   */
  download(path: string, size: number): Promise<AsyncIterable<Uint8Array>> {
    const timeoutMs = this.timeoutMs + size / slowestUpload;
    return this.retried((call) => this.open(call), { method: 'GET', path, timeoutMs });
  }

  /** A text that is not JSON. @throws MlflowError */
  async text(path: string): Promise<string> {
    return (await this.send({ method: 'GET', path })).toString('utf8').trim();
  }

  private async json<T>(schema: z.ZodType<T>, call: Call): Promise<T> {
    const body = (await this.send(call)).toString('utf8');
    const said = `${call.method} ${withoutQuery(call.path)}`;
    let parsed: unknown;
    try {
      parsed = parseJson(body);
    } catch (cause) {
      throw new MlflowError(
        'refused',
        `${said} was not answered in JSON; is it a tracking server?`,
        null,
        null,
        {
          cause,
        },
      );
    }
    const answer = schema.safeParse(parsed);
    if (answer.success) return answer.data;
    const path = answer.error.issues[0].path.join('.');
    throw new MlflowError('refused', `${said} has an answer that MLflow's servers do not give (${path})`);
  }

  private send(call: Call): Promise<Buffer> {
    return this.retried(async (it) => joined(await this.open(it)), call);
  }

  private async retried<T>(attempt: (call: Call) => Promise<T>, call: Call): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(call);
      } catch (error) {
        this.options.stop?.throwIfAborted();
        if (!isMlflowError(error, 'unavailable') || call.once || tries >= this.tries) throw error;
        await this.pause(tries, error.retryAfterMs);
      }
    }
  }

  /** Asks once. @returns the body of a good answer */
  private async open(call: Call): Promise<AsyncIterable<Uint8Array>> {
    const { method, path, headers, body, timeoutMs = this.timeoutMs } = call;
    const said = `${method} ${withoutQuery(path)}`;
    const limit = AbortSignal.timeout(Math.ceil(timeoutMs));
    const { stop } = this.options;
    const lost = (what: string, cause: unknown): MlflowError => {
      const why = limit.aborted ? `had no answer within ${Math.ceil(timeoutMs)} ms` : what;
      return new MlflowError('unavailable', `${said} ${why}`, null, null, { cause });
    };
    const response = await fetch(`${this.server.base}${path}`, {
      method,
      headers: {
        ...headers,
        ...(this.server.authorization !== undefined && { authorization: this.server.authorization }),
      },
      ...(body && { body: body(), duplex: 'half' }),
      // A redirect would turn a POST into a GET, and might take the credentials elsewhere.
      redirect: 'manual',
      signal: stop ? AbortSignal.any([limit, stop]) : limit,
    }).catch((cause: unknown) => {
      throw lost('did not reach the server', cause);
    });
    const pieces = piecesOf(response, (cause) => lost('was cut off by the server', cause));
    if (response.ok) return pieces;
    throw refusal(said, response, (await joined(pieces)).toString('utf8'));
  }

  private async pause(attempt: number, retryAfterMs: number | null): Promise<void> {
    const pauses = { firstMs: this.backOffMs, longestMs: 60_000 };
    await wait(
      retryAfterMs ?? backOffMs(attempt, pauses),
      undefined,
      this.options.stop && { signal: this.options.stop },
    );
  }
}

/** Query strings may be long, and hold names that belong to nobody's log. */
function withoutQuery(path: string): string {
  return path.split('?', 1)[0];
}

async function* piecesOf(
  { body }: Response,
  lost: (cause: unknown) => MlflowError,
): AsyncGenerator<Uint8Array> {
  try {
    if (body) yield* body;
  } catch (cause) {
    throw lost(cause);
  }
}

/** @throws MlflowError where there is no end of it */
async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > longestAnswer) {
      throw new MlflowError('refused', 'an answer has no end; is it a tracking server?');
    }
    all.push(piece);
  }
  return Buffer.concat(all);
}
