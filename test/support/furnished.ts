import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { mongo } from 'mongoose';
import request from 'supertest';
import { phishingExample } from '../../src/common/examples.js';
import { serveBaseline } from './baseline.js';
import { Guarded, idOf } from './guarded.js';
import { eventually } from './program.js';

interface Verdict {
  readonly id: string;
  readonly probability: number;
  readonly verdict: string;
  readonly reasons: readonly object[];
}

/** One id of each kind that addresses name, of things that are there. */
export interface Ids {
  readonly run: string;
  readonly batch: string;
  readonly prediction: string;
  readonly listEntry: string;
  /** Of keys that nobody uses: they may be revoked. */
  readonly keys: readonly string[];
}

/** A guarded server whose database has something of every kind: models of three detectors, a run, a batch and the like. */
export class Furnished {
  private constructor(
    readonly guarded: Guarded,
    readonly ids: Ids,
    /** The verdict on the example of the phishing data, as the server gave it when nothing had happened yet. */
    private readonly firstVerdict: unknown,
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
      const ask = asking(guarded);
      const verdict = (await ask('post', '/v1/score/phishing-website', {
        record: phishingExample,
      })) as Verdict;
      const runs = (await ask('get', '/v1/training-runs')) as { items: { _id: string }[] };
      const batches = (await ask('get', '/v1/data/phishing-website/batches')) as { items: { _id: string }[] };
      const entry = (await ask('post', '/v1/admin/lists', {
        list: 'allow',
        match: 'domain',
        value: 'furnished.example',
        note: 'a test',
      })) as { _id: string };
      // The log is written behind the answers.
      await eventually(
        async () => (await guarded.statusOf(guarded.keys.viewer, `/v1/predictions/${verdict.id}`)) === 200,
      );
      const keys: string[] = [];
      for (const name of ['spare 1', 'spare 2', 'spare 3', 'spare 4'])
        keys.push(idOf(await guarded.netwarden('keys', 'create', name, '--role', 'viewer')));
      const ids = {
        run: runs.items[0]._id,
        batch: batches.items[0]._id,
        prediction: verdict.id,
        listEntry: entry._id,
        keys,
      };
      return new Furnished(guarded, ids, essenceOf(verdict));
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

  /** Fails where the server is not the one that was started, or does not say what it said at first. */
  async expectSound(): Promise<void> {
    const { server, keys } = this.guarded;
    expect(isAlive(server.pid)).toBe(true);
    expect((await request(server.url).get('/health/live')).status).toBe(200);
    const scored = await request(server.url)
      .post('/v1/score/phishing-website')
      .set('x-api-key', keys.scorer)
      .send({ record: phishingExample })
      .expect(200);
    expect(essenceOf(scored.body)).toEqual(this.firstVerdict);
  }

  close(): Promise<void> {
    return this.guarded.close();
  }
}

function asking({ server, keys }: Guarded) {
  return async (method: 'get' | 'post', path: string, body?: object): Promise<unknown> => {
    const answer = await request(server.url)[method](path).set('x-api-key', keys.admin).send(body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
}

/** What does not depend on when it was scored, and by which of two versions that are alike. */
function essenceOf({
  probability,
  verdict,
  reasons,
}: Verdict): Pick<Verdict, 'probability' | 'verdict' | 'reasons'> {
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
