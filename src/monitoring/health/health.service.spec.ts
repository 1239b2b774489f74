import type { ConnectionCheckService } from '../../database/connection-check.service.js';
import type { MongoServer } from '../../database/mongo-server.js';
import type { ServingService } from '../../prediction/serving.service.js';
import type { ShadowService } from '../../prediction/shadow.service.js';
import { HealthService } from './health.service.js';

const loaded = { detector: 'url', champion: 3, serving: 3, problem: null, challenger: null };
const refused = { detector: 'tiny', champion: 2, serving: null, problem: 'damaged', challenger: null };
const untrained = { detector: 'nsl-kdd', champion: null, serving: null, problem: null, challenger: null };

const here = { serverVersion: '8.0', latencyMs: 1, writable: true, collections: [] };
const readOnly = { ...here, writable: false, writeError: 'the disk is full' };

describe('readiness', () => {
  it.each([
    ['up', 'everything is there', here, [loaded, untrained]],
    ['up', 'no detector has a model yet', here, [untrained]],
    ['degraded', 'the database is away and a champion is loaded', null, [loaded, untrained]],
    ['degraded', 'the database takes no writes and a champion is loaded', readOnly, [loaded]],
    ['degraded', 'one of two champions is refused', here, [loaded, refused]],
    ['down', 'the only champion is refused', here, [refused, untrained]],
    ['down', 'the database is away and nothing is loaded', null, [untrained]],
  ])('is %s where %s', async (status, _, database, models) => {
    const service = new HealthService(
      { description: 'a test', uri: 'mongodb://localhost/x' } as MongoServer,
      {
        check: () => (database ? Promise.resolve(database) : Promise.reject(new Error('gone'))),
      } as unknown as ConnectionCheckService,
      { states: () => models } as unknown as ServingService,
      { leftOut: () => 0 } as unknown as ShadowService,
    );
    expect(await service.readiness()).toMatchObject({ status, models });
  });
});
