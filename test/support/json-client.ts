import { Agent, type OutgoingHttpHeaders, request } from 'node:http';

export interface JsonAnswer<T> {
  readonly status: number;
  readonly body: T;
}

/** Posts JSON over connections that stay open, as programs that send much do. */
export class JsonClient {
  private readonly agent = new Agent({ keepAlive: true });

  post<T>(url: string, body: object, headers: OutgoingHttpHeaders = {}): Promise<JsonAnswer<T>> {
    const text = JSON.stringify(body);
    const described = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      ...headers,
    };
    return new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', agent: this.agent, headers: described }, (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (piece: string) => (answer += piece));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode!, body: JSON.parse(answer) as T }));
      });
      sent.on('error', reject).end(text);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
