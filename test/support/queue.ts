import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import request from 'supertest';
import { stringify } from 'yaml';
import { tinySource } from '../../src/detector/fixtures/tiny-contract.js';
import { cli, type Env, eventually, Sandbox, Server } from './program.js';

export type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- the assertions say what answers have

const rows = 900;

/** A database with a detector that is trained within a second or two, and processes that share it. */
export class TinyQueue {
  readonly sandbox = new Sandbox();
  private readonly servers: Server[] = [];

  /** @param settings of all its processes */
  constructor(private readonly settings: Env = {}) {}

  get env(): Env {
    return {
      ...this.sandbox.env,
      SCHEMA_DIR: join(this.sandbox.folder, 'schema'),
      COMPUTE_THREADS: '1',
      ...this.settings,
    };
  }

  /** Writes the contract and stores the data. */
  async prepare(changes: Partial<typeof tinySource> = {}): Promise<void> {
    const candidate = { learner: 'random-forest', imputer: 'none', encoder: 'ordinal' } as const;
    const candidates = [
      { name: 'quick', ...candidate, options: { nEstimators: 20 } },
      { name: 'endless', ...candidate, options: { nEstimators: 10_000 }, optional: true },
    ];
    // Many folds make the endless one endless enough, and cost the quick one next to nothing.
    const split = { ...tinySource.split, folds: 10 };
    mkdirSync(this.env.SCHEMA_DIR);
    writeFileSync(
      join(this.env.SCHEMA_DIR, 'tiny.yaml'),
      stringify({ ...tinySource, split, candidates, ...changes }),
    );
    const pushed = await cli(['data', 'push', 'tiny', '-'], this.env, tinyCsv());
    if (pushed.code !== 0) throw new Error(pushed.stderr);
  }

  async start(role: 'api' | 'worker' | 'all', env: Env = {}): Promise<Server> {
    const server = await Server.start({ ...this.env, ROLE: role, ...env });
    this.servers.push(server);
    return server;
  }

  withDatabase<T>(work: (db: mongo.Db) => Promise<T>): Promise<T> {
    return this.sandbox.withDatabase(work);
  }

  async remove(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
    await this.sandbox.remove();
  }
}

export async function order(server: Server, body: object = {}): Promise<Body> {
  const answer = await request(server.url)
    .post('/v1/training-runs')
    .send({ detector: 'tiny', ...body });
  if (answer.status !== 202) throw new Error(answer.text);
  return answer.body as Body;
}

export async function runOf(server: Server, id: string): Promise<Body> {
  return (await request(server.url).get(`/v1/training-runs/${id}`).expect(200)).body as Body;
}

/** The stages of a run that were begun. */
export async function begunStages(server: Server, id: string): Promise<string[]> {
  const stages = (await runOf(server, id)).stages as { name: string; status: string }[];
  return stages.filter(({ status }) => status !== 'pending').map(({ name }) => name);
}

export function endOf(server: Server, id: string): Promise<Body> {
  return eventually(async () => {
    const run = await runOf(server, id);
    return ['queued', 'running'].includes(run.status as string) ? null : run;
  });
}

/**
 * Waits until a run is at a stage, or behind it; asks the database itself, to be there in time. Gives the stage that
 * it was at and the process id of its worker.
 */
export async function stageReached(
  db: mongo.Db,
  id: string,
  stage: string,
): Promise<{ at: string; pid: number }> {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const run = await db.collection<Body & { _id: string }>('training_runs').findOne({ _id: id });
    const stages = run!.stages as { name: string; status: string }[];
    const rest = stages.slice(stages.findIndex(({ name }) => name === stage));
    if (rest.every(({ status }) => status === 'pending')) {
      // A stage takes longer; asking without a pause keeps the database from everybody else.
      await sleep(10);
      continue;
    }
    const at = rest.find(({ status }) => status === 'running') ?? rest[0];
    return { at: at.name, pid: Number((run!.worker as string).split('/')[1]) };
  }
  throw new Error(`${stage} was never reached`);
}

/** Rows of which the duration decides, so that every gate is passed; no two are alike. */
function tinyCsv(): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const duration = ((i * 7919) % 10_007) / 100.07;
    const threat = duration > 50;
    return [(i % 3) - 1, duration.toFixed(4), ['tcp', 'udp', 'icmp'][i % 3], threat ? -1 : 1].join();
  });
  return ['having_IP,duration,protocol,Result', ...lines].join('\n');
}
