import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { mongo } from 'mongoose';
import request from 'supertest';
import { phishingExample } from '../../src/common/examples.js';
import { furnish, type Furniture, type Verdict } from './furnish.mjs';
import { Guarded } from './guarded.js';
import { serveBaseline } from './trained.js';

/** A guarded server whose database has something of every kind: models of three detectors, a run, a batch and the like. */
export class Furnished {
  private constructor(
    readonly guarded: Guarded,
    readonly furniture: Furniture,
  ) {}

  static async open(): Promise<Furnished> {
    const guarded = await Guarded.open({
      // A process of its own: its memory is looked at.
      as: 'fresh',
      env: { LOG_LEVEL: 'info' },
      prepare: async (sandbox) => {
        await serveBaseline(sandbox, 'url');
        await serveBaseline(sandbox, 'network-flow');
        await sandbox.withDatabase(addSecondVersions);
      },
    });
    try {
      return new Furnished(guarded, await furnish(guarded.server.url, guarded.keys.admin));
    } catch (error) {
      await guarded.close();
      throw error;
    }
  }

  /** The resident memory of the server, MB. */
  memory(): number {
    const { pid } = this.guarded.server;
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' })) / 1024;
  }

  /** The requests that ended with 500, as the server's log has them. */
  get failuresInLog(): string[] {
    return this.guarded.server.log.split('\n').filter((line) => line.includes('"statusCode":500'));
  }

  /** Fails where the server is not the one that was started, or does not say what it said at first. */
  async expectSound(): Promise<void> {
    const { server, keys } = this.guarded;
    expect({ running: isAlive(server.pid), log: server.log.slice(-5000) }).toMatchObject({ running: true });
    expect((await request(server.url).get('/health/live')).status).toBe(200);
    const scored = await request(server.url)
      .post('/v1/score/phishing-website')
      .set('x-api-key', keys.scorer)
      .send({ record: phishingExample })
      .expect(200);
    expect(essenceOf(scored.body)).toEqual(essenceOf(this.furniture.verdict));
  }

  close(): Promise<void> {
    return this.guarded.close();
  }
}

/** What does not depend on when it was scored, and by which of two versions that are alike. */
function essenceOf({ probability, verdict, reasons }: Verdict): Omit<Verdict, 'id'> {
  return { probability, verdict, reasons };
}

/** Gives each model a second version, to compare, try and go back to. It has the bundle of the first: verdicts stay. */
async function addSecondVersions(db: mongo.Db): Promise<void> {
  const versions = db.collection<{ _id: string; version: number; lineage: object }>('model_versions');
  for (const first of await versions.find({ version: 1 }).toArray()) {
    const lineage = { ...first.lineage, run: randomUUID() };
    await versions.insertOne({ ...first, _id: randomUUID(), version: 2, lineage });
  }
  await db.collection('model_aliases').updateMany({}, { $set: { lastVersion: 2 } });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
