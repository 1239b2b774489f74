import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { stringify } from 'yaml';
import { tinySource } from '../../src/detector/fixtures/tiny-contract.js';
import type { ModelBundle } from '../../src/registry/bundle/bundle.js';
import { encodeBundle } from '../../src/registry/bundle/bundle-codec.js';
import { tinyBundle } from '../../src/registry/bundle/fixtures/tiny-bundle.js';
import { ScoringModel } from '../../src/registry/bundle/scoring-model.js';
import { Matrix } from '../../src/ml/matrix.js';
import { type Env, eventually, Sandbox, Server } from './program.js';

export const tinyModels = '/v1/admin/models/tiny';
export const tinyScore = '/v1/score/tiny';

/** What readiness says of the detector. */
export interface ModelState {
  readonly champion: number | null;
  readonly serving: number | null;
  readonly problem: string | null;
  readonly challenger: { version: number; mode: string; share: number; problem: string | null } | null;
}

/** Waits until readiness says what is expected. */
export function stateOf(server: Server, expected: (state: ModelState) => boolean): Promise<ModelState> {
  return eventually(async () => {
    const { models } = (await request(server.url).get('/health/ready').expect(200)).body;
    return expected(models[0]) && (models[0] as ModelState);
  });
}

/** A bundle that thinks the opposite of another. */
export function contraryOf(bundle: ModelBundle): ModelBundle {
  const contrary: ModelBundle = { ...bundle, calibrator: { method: 'platt', slope: -1, intercept: 0 } };
  const rows = bundle.selfTest.rows.map((row) => row.map((value) => value ?? NaN));
  const probabilities = [...ScoringModel.from(contrary).score(Matrix.fromRows(rows))];
  return { ...contrary, selfTest: { ...bundle.selfTest, probabilities } };
}

/** Changes one byte of a stored bundle. */
export async function damageBundle(sandbox: Sandbox, version: number): Promise<void> {
  await sandbox.withDatabase(async (db) => {
    const { sha256 } = (await db.collection('model_versions').findOne({ version }))!;
    const file = await db.collection('bundles.files').findOne({ filename: sha256 });
    const chunk = await db.collection('bundles.chunks').findOne({ files_id: file!._id, n: 0 });
    const data = Buffer.from(chunk!.data.buffer);
    data[100] ^= 1;
    await db.collection('bundles.chunks').updateOne({ _id: chunk!._id }, { $set: { data } });
  });
}

/** A database with versions of a small detector that were imported, and processes that serve them. */
export class TinyModels {
  readonly sandbox = new Sandbox();
  private readonly servers: Server[] = [];

  get env(): Env {
    return { ...this.sandbox.env, SCHEMA_DIR: join(this.sandbox.folder, 'schema') };
  }

  /** Two processes that serve version 1; there are a contrary one and one more besides. */
  async start(more: Env = {}): Promise<[Server, Server]> {
    mkdirSync(this.env.SCHEMA_DIR);
    writeFileSync(join(this.env.SCHEMA_DIR, 'tiny.yaml'), stringify(tinySource));
    const env = { ...this.env, ...more };
    const servers = await Promise.all([Server.start(env), Server.start(env)]);
    this.servers.push(...servers);
    const logistic = tinyBundle('logistic');
    for (const bundle of [logistic, contraryOf(logistic), tinyBundle('forest')]) {
      await request(servers[0].url)
        .post(`${tinyModels}/versions`)
        .type('application/octet-stream')
        .send(encodeBundle(bundle))
        .expect(201);
    }
    await this.serveEverywhere(1);
    return servers;
  }

  /** Promotes a version and waits until every process serves it. */
  async serveEverywhere(version: number): Promise<void> {
    await request(this.servers[0].url).post(`${tinyModels}/promote`).send({ version }).expect(200);
    for (const server of this.servers) await stateOf(server, ({ serving }) => serving === version);
  }

  async remove(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
    await this.sandbox.remove();
  }
}
