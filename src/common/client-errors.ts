import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { problemText } from './problem.filter.js';
import { securityHeaders } from './security-headers.js';

interface ClientError extends Error {
  readonly code?: string;
}

const reasons: Readonly<Record<string, { status: number; reason: string; detail: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    reason: 'Request Header Fields Too Large',
    detail: 'The address and the headers of the request are larger than 16 kB together.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    reason: 'Request Timeout',
    detail: 'The headers of the request did not come in time.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    reason: 'Payload Too Large',
    detail: 'The extensions of the chunks of the body are too large.',
  },
};

const unreadable = { status: 400, reason: 'Bad Request', detail: 'This is no request that HTTP/1.1 knows.' };

/** Answers what the HTTP parser refuses, before there is a request, as any other error is answered. */
export function answerClientError(error: ClientError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isBeingAnswered(socket)) {
    socket.destroy();
    return;
  }
  const { status, reason, detail } = reasons[error.code ?? ''] ?? unreadable;
  const requestId = randomUUID();
  const code = status === 400 ? 'REQUEST_INVALID' : 'REQUEST_REFUSED';
  const text = problemText({ status, code, detail }, requestId);
  const headers = {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'x-request-id': requestId,
    connection: 'close',
    ...securityHeaders,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${lines.join('\r\n')}\r\n\r\n${text}`);
}

/** Whether an earlier request of the connection has the beginning of its answer: another one would be read as its rest. */
function isBeingAnswered(socket: Socket): boolean {
  const { _httpMessage } = socket as { _httpMessage?: { headersSent: boolean } | null };
  return _httpMessage?.headersSent === true;
}
