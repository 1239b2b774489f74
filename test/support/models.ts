import request from 'supertest';
import type { Server } from './program.js';

export interface ModelState {
  readonly detector: string;
  readonly serving: number | null;
  readonly problem: string | null;
}

/** The version that the registry calls the champion. */
export async function championOf(server: Server, detector: string): Promise<number | null> {
  const { body } = await request(server.url).get('/v1/admin/models');
  return body.find((model: { detector: string }) => model.detector === detector).champion;
}

/** What a process says that it serves, and why it does not serve the champion. */
export async function servedBy(server: Server, detector: string): Promise<ModelState> {
  const { body } = await request(server.url).get('/health/ready');
  return body.models.find((state: ModelState) => state.detector === detector);
}
