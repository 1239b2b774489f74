import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { TlsFiles } from './tls-files.js';

export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsFiles;
  readonly signal: AbortSignal;
}

/** The whole answer has to come within this time. */
const patienceMs = 30_000;

/** Sends JSON and reads the answer to its end; its text is of no interest. Redirects are not followed. */
export function postJson(
  url: URL,
  body: string,
  { headers, tls, signal }: PostOptions,
): Promise<Pick<IncomingMessage, 'statusCode' | 'headers'>> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((done, fail) => {
    const options = {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'netwarden',
        ...headers,
      },
      signal,
      ...tls,
    };
    const sent = send(url, options, (answer) => {
      answer
        .on('error', fail)
        .on('end', () => done(answer))
        .resume();
    });
    const patience = setTimeout(() => sent.destroy(new Error('no answer in time')), patienceMs);
    sent.on('close', () => clearTimeout(patience));
    sent.on('error', fail).end(body);
  });
}
