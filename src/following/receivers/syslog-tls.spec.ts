import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { Logger } from '@nestjs/common';
import { parseEnvironment } from '../../config/environment.js';
import { aFlowAlert } from '../fixtures/alerts.js';
import { openReceiver } from './receivers.js';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const test = hasOpenssl ? it : it.skip;

describe('syslog over TLS (skipped where there is no openssl)', () => {
  let folder: string;
  let server: Server;
  let port: number;
  let received = '';
  let sender: string | undefined;
  const file = (name: string): string => join(folder, name);

  beforeAll(async () => {
    Logger.overrideLogger(false);
    folder = mkdtempSync(join(tmpdir(), 'netwarden-tls-'));
    if (!hasOpenssl) return;
    for (const name of ['server', 'sender']) {
      const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
      const files = ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)];
      const kind = [
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ];
      execFileSync('openssl', ['req', ...kind, ...names, ...files], { stdio: 'pipe' });
    }
    const options = {
      key: readFileSync(file('server.key')),
      cert: readFileSync(file('server.pem')),
      ca: readFileSync(file('sender.pem')),
      requestCert: true,
    };
    server = createServer(options, (socket: TLSSocket) => {
      sender = socket.getPeerCertificate().subject.CN as string;
      socket.on('error', () => undefined).on('data', (bytes) => (received += bytes.toString()));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    ({ port } = server.address() as AddressInfo);
  });

  afterAll(() => {
    server?.close();
    rmSync(folder, { recursive: true });
  });

  const deliver = async (files: Record<string, string>, signal: AbortSignal): Promise<void> => {
    const sink = openReceiver({ to: `syslog+tls://127.0.0.1:${port}` }, parseEnvironment(files));
    await sink.deliver([aFlowAlert()], signal, () => Promise.resolve()).finally(() => sink.close());
  };

  test('reaches a receiver whose authority is known, and says who sends', async () => {
    const files = {
      RECEIVER_CA_FILE: file('server.pem'),
      RECEIVER_CERT_FILE: file('sender.pem'),
      RECEIVER_KEY_FILE: file('sender.key'),
    };
    await deliver(files, new AbortController().signal);
    expect(received).toMatch(/^\d+ <131>1 .* netwarden \d+ malicious-flow - CEF:0\|Netwarden\|/);
    expect(sender).toBe('sender');
  });

  test('tells nothing to a receiver that cannot be believed', async () => {
    received = '';
    await expect(deliver({}, AbortSignal.timeout(500))).rejects.toThrow(/abort|timeout/i);
    expect(received).toBe('');
  });

  it('names the key whose file is not there', async () => {
    const files = { RECEIVER_CA_FILE: file('nowhere.pem') };
    await expect(deliver(files, new AbortController().signal)).rejects.toMatchObject({
      errors: [{ path: 'RECEIVER_CA_FILE', message: expect.stringContaining('cannot be read') }],
    });
  });
});
