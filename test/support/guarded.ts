import request from 'supertest';
import { cli, type Env, type Sandbox, Server } from './program.js';
import { trainedSandbox } from './trained.js';

export const roles = ['viewer', 'scorer', 'trainer', 'admin'] as const;
export type Role = (typeof roles)[number];

/** What the server of a test is like where it is not like that of others. */
export interface GuardedSetup {
  /** Adds to the database before the server starts. */
  readonly prepare?: (sandbox: Sandbox) => Promise<void>;
  readonly env?: Env;
  readonly as?: 'loaded' | 'fresh';
}

/** A server that asks for keys, with a model and a key for each role. */
export class Guarded {
  readonly keys = {} as Record<Role, string>;
  server!: Server;

  private constructor(
    readonly sandbox: Sandbox,
    readonly env: Env,
  ) {}

  static async open({ prepare, env = {}, as }: GuardedSetup = {}): Promise<Guarded> {
    const sandbox = await trainedSandbox({ without: ['records'] });
    await prepare?.(sandbox);
    const guarded = new Guarded(sandbox, { ...sandbox.env, AUTH: 'on', LOG_LEVEL: 'trace', ...env });
    guarded.server = await Server.start(guarded.env, as);
    for (const role of roles) {
      guarded.keys[role] = await guarded.netwarden('keys', 'create', `a ${role}`, '--role', role);
    }
    return guarded;
  }

  /** What a command that succeeds prints. */
  async netwarden(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await cli(args, this.env);
    if (code !== 0) throw new Error(stderr);
    return stdout.trim();
  }

  async statusOf(key: string, path: string, at = this.server): Promise<number> {
    return (await request(at.url).get(path).set('x-api-key', key)).status;
  }

  async close(): Promise<void> {
    await this.server.stop();
    await this.sandbox.remove();
  }
}

/** The part of a key by which it is listed. */
export function idOf(key: string): string {
  return key.split('_')[1];
}

/** The part of a key that nobody but its owner may see. */
export function secretOf(key: string): string {
  return key.split('_').slice(2).join('_');
}
