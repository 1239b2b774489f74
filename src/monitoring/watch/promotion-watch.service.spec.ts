import { Logger } from '@nestjs/common';
import type { Environment } from '../../config/environment.js';
import type { ContractsService } from '../../detector/contracts.service.js';
import { tinyContract } from '../../detector/fixtures/tiny-contract.js';
import type { LeasesService } from '../../leases/leases.service.js';
import type { Deployment } from '../../registry/deployment.schema.js';
import type { MoveOrder, RollbackTarget } from '../../registry/moves.js';
import { ChampionChangedError, VersionPrunedError } from '../../registry/registry.errors.js';
import type { RegistryService } from '../../registry/registry.service.js';
import { PromotionWatch } from './promotion-watch.service.js';
import { nothingSeen, type WatchEvidenceService } from './watch-evidence.service.js';
import type { Seen } from './watch-verdict.js';
import type { Watch } from './watch.schema.js';
import type { WatchesRepository } from './watches.repository.js';

const of = (successes: number, trials: number): { successes: number; trials: number } => ({
  successes,
  trials,
});
const calm: Seen = { ...nothingSeen, threats: of(400, 1000), previousThreats: of(200, 500) };
const wild: Seen = { ...calm, threats: of(1000, 1000), benignToThreat: 300 };
const ago = (ms: number): Date => new Date(Date.now() - ms);

describe('the watch over a promotion', () => {
  let moves: Partial<Deployment>[];
  let stored: Watch[];
  let seen: Seen;
  let orders: { order: MoveOrder; target: RollbackTarget }[];
  let refusal: Error | null;
  /** What another replica does in between. */
  let meanwhile: () => void;
  let leased: boolean;
  let minutes: number;
  let watch: PromotionWatch;

  const move = (entry: Partial<Deployment>): void => {
    const number = moves.length + 1;
    moves.push({
      _id: `tiny/${number}`,
      kind: 'promote',
      actor: 'key a',
      at: ago(30_000),
      reason: '',
      ...entry,
    });
  };
  const running = (): Watch[] => stored.filter(({ status }) => status === 'watching');
  const looked = async (): Promise<Watch | undefined> => {
    await watch.look();
    return stored.at(-1);
  };

  const registry = {
    aliases: () => Promise.resolve({ champion: moves.at(-1)?.to ?? null, moves: moves.length }),
    servedAt: () => Promise.resolve(moves.at(-1) ?? null),
    rollback: (_: string, order: MoveOrder, target: RollbackTarget) => {
      orders.push({ order, target });
      if (refusal) return Promise.reject(refusal);
      move({ kind: 'rollback', from: 2, to: 1, actor: order.actor, reason: order.reason });
      return Promise.resolve();
    },
  };
  const watches = {
    open: (opened: Watch) => {
      if (!stored.some(({ _id }) => _id === opened._id)) stored.push({ ...opened });
      return Promise.resolve();
    },
    running: () => Promise.resolve(running().map((item) => ({ ...item }))),
    advance: ({ _id, countedUntil }: Watch, next: Partial<Watch>) => {
      meanwhile();
      const found = running().find((item) => item._id === _id && item.countedUntil === countedUntil);
      if (found) Object.assign(found, next);
      return Promise.resolve(found !== undefined);
    },
    end: ({ _id }: Watch, status: Watch['status'], reason: string) => {
      const found = running().find((item) => item._id === _id);
      if (found) Object.assign(found, { status, reason });
      return Promise.resolve();
    },
  };
  const evidence = {
    baseline: () => Promise.resolve({ threats: of(400, 1000), precision: of(0, 0) }),
    seenBy: () => Promise.resolve(seen),
    finish: () => undefined,
  };

  beforeEach(() => {
    Logger.overrideLogger(false);
    [moves, stored, orders, seen, refusal, leased, minutes] = [[], [], [], calm, null, false, 60];
    meanwhile = () => undefined;
    const lease = { throwIfLost: () => undefined, release: () => Promise.resolve() };
    watch = new PromotionWatch(
      {} as Environment,
      { detectors: ['tiny'], get: () => tinyContract({ watch: { minutes } }) } as unknown as ContractsService,
      { hold: () => Promise.resolve(leased ? null : lease) } as unknown as LeasesService,
      registry as unknown as RegistryService,
      evidence as unknown as WatchEvidenceService,
      watches as unknown as WatchesRepository,
    );
  });

  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  it('begins with a promotion, and goes on while the version stays in the band', async () => {
    move({ kind: 'force', from: 1, to: 2 });
    expect(await looked()).toMatchObject({ _id: 'tiny/1', version: 2, previous: 1, status: 'watching' });
    await watch.look();
    expect([stored.length, orders]).toEqual([1, []]);
    expect(stored[0].until.getTime() - stored[0].promotedAt.getTime()).toBe(3_600_000);
    expect(stored[0].seen).toEqual(calm);
  });

  it.each([
    ['the first champion', { from: null, to: 1 }],
    ['a rollback', { kind: 'rollback', from: 2, to: 1 }],
    ['a champion that stays', { from: 2, to: 2 }],
    ['what is long ago', { from: 1, to: 2, at: ago(3_700_000) }],
  ] as [string, Partial<Deployment>][])('does not begin with %s', async (_, entry) => {
    move(entry);
    expect(await looked()).toBeUndefined();
  });

  it('does not begin where the contract wants none', async () => {
    minutes = 0;
    move({ from: 1, to: 2 });
    expect(await looked()).toBeUndefined();
  });

  it('leaves all to the replica that has the lease', async () => {
    leased = true;
    move({ from: 1, to: 2 });
    expect(await looked()).toBeUndefined();
  });

  it('goes back to the version before, if the champion still is the one that it watches', async () => {
    move({ from: 1, to: 2 });
    seen = wild;
    const ended = await looked();
    expect(ended).toMatchObject({
      status: 'rolled-back',
      reason: expect.stringMatching(/^left the band of version 1/),
    });
    expect(orders).toEqual([
      {
        order: { actor: 'watch', reason: `version 2 ${ended!.reason}`, expectedChampion: 2 },
        target: { version: 1 },
      },
    ]);
    await watch.look();
    expect([orders.length, stored.length]).toEqual([1, 1]);
  });

  it('yields to whoever moves the champion first', async () => {
    move({ from: 1, to: 2 });
    seen = wild;
    refusal = new ChampionChangedError('tiny', 2, 3);
    expect((await looked())!.status).toBe('watching');
    move({ from: 2, to: 3, actor: 'key admin' });
    await watch.look();
    expect(stored[0]).toMatchObject({
      status: 'superseded',
      reason: expect.stringMatching(/^promote to version 3 by key admin at 2/),
    });
    expect(stored[1]).toMatchObject({ version: 3, previous: 2 });
  });

  it('finds out that it went back before a crash', async () => {
    move({ from: 1, to: 2 });
    await watch.look();
    move({ kind: 'rollback', from: 2, to: 1, actor: 'watch', reason: 'the numbers' });
    expect(await looked()).toMatchObject({ status: 'rolled-back', reason: 'the numbers' });
  });

  it('does nothing where another replica counted the same meanwhile', async () => {
    move({ from: 1, to: 2 });
    seen = wild;
    meanwhile = () => (stored[0].countedUntil = new Date());
    expect(await looked()).toMatchObject({ status: 'watching', seen: nothingSeen });
    expect(orders).toEqual([]);
  });

  it('says so where there is no way back', async () => {
    move({ from: 1, to: 2 });
    seen = wild;
    const pruned = { at: new Date(), by: 'cli a', reason: 'old' };
    refusal = new VersionPrunedError({ detector: 'tiny', version: 1, pruned });
    expect(await looked()).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/^left the band.*going back is refused: /),
    });
  });

  it.each([
    ['passed', calm, /^stayed in the band of version 1 for 60 minutes and 1000 predictions$/],
    ['inconclusive', nothingSeen, /^0 predictions in 60 minutes are fewer than 200$/],
  ] as const)('is %s when the time is up', async (status, evidenceSeen, reason) => {
    move({ from: 1, to: 2 });
    await watch.look();
    seen = evidenceSeen;
    stored[0].until = stored[0].countedUntil;
    expect(await looked()).toMatchObject({ status, reason: expect.stringMatching(reason) });
    expect(orders).toEqual([]);
  });
});
