import { Logger } from '@nestjs/common';
import type { ContractsService } from '../detector/contracts.service.js';
import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import type { TrainingService } from '../runs/runs.service.js';
import type { Allowance } from './allowance.service.js';
import { FakeRuns } from './fixtures/fakes.js';
import type { ScheduleSlot } from './schedule-slot.schema.js';
import type { ScheduleSlotsRepository } from './schedule-slots.repository.js';
import { SlotsService } from './slots.service.js';

const contract = tinyContract({ retraining: { cron: '17 2 * * *', promote: 'never' } });
const at = new Date('2026-03-01T02:17:00Z');

/** Slots that all processes see. */
class FakeSlots {
  readonly stored = new Map<string, ScheduleSlot>();

  find(id: string): Promise<ScheduleSlot | null> {
    return Promise.resolve(this.stored.get(id) ?? null);
  }

  decide(slot: ScheduleSlot): Promise<boolean> {
    const first = !this.stored.has(slot._id);
    if (first) this.stored.set(slot._id, slot);
    return Promise.resolve(first);
  }
}

describe('a slot', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));

  let slots: FakeSlots;
  let runs: FakeRuns;
  let hindrance: string | null;

  /** One of several processes with one database. */
  const processes = (training: Pick<FakeRuns, 'start'> = runs): SlotsService =>
    new SlotsService(
      { get: () => contract } as unknown as ContractsService,
      slots as unknown as ScheduleSlotsRepository,
      { hindrance: () => Promise.resolve(hindrance) } as unknown as Allowance,
      training as unknown as TrainingService,
    );

  beforeEach(() => {
    slots = new FakeSlots();
    runs = new FakeRuns();
    hindrance = null;
  });

  it('starts a run that says which slot it is of, and is skipped where nothing changed', async () => {
    const slot = await processes().take('tiny', at);
    expect(slot).toMatchObject({ detector: 'tiny', at, run: runs.runs[0]._id, reason: null });
    expect(runs.orders).toEqual([
      {
        actor: 'schedule',
        trigger: { kind: 'cron', detail: '2026-03-01T02:17:00.000Z' },
        idempotencyKey: 'cron/tiny/2026-03-01T02:17:00.000Z',
        unlessUnchanged: true,
        promote: 'never',
      },
    ]);
  });

  it('starts one run whichever processes come to it, together or late', async () => {
    await Promise.all(Array.from({ length: 3 }, () => processes().take('tiny', at)));
    // Its own run is no reason to say afterwards that it was skipped.
    hindrance = 'the training run is running';
    expect(await processes().take('tiny', new Date(at))).toMatchObject({ reason: null });
    expect(runs.runs).toHaveLength(1);
  });

  it('starts another run than the next slot, and than the same slot of another detector', async () => {
    await processes().take('tiny', at);
    await processes().take('tiny', new Date('2026-03-02T02:17:00Z'));
    await processes().take('other', at);
    expect(new Set(runs.runs.map(({ _id }) => _id)).size).toBe(3);
  });

  it('is skipped for good, with the reason, where the first to come finds that nothing may start', async () => {
    hindrance = 'the training run run-7 is running';
    expect(await processes().take('tiny', at)).toMatchObject({ run: null, reason: hindrance });
    hindrance = null;
    expect(await processes().take('tiny', at)).toMatchObject({ run: null, reason: expect.any(String) });
    expect(runs.runs).toEqual([]);
  });

  it('starts its run though the process that decided on it died before it could', async () => {
    const dies = { start: () => Promise.reject(new Error('killed')) };
    await expect(processes(dies).take('tiny', at)).rejects.toThrow('killed');
    await processes().take('tiny', at);
    expect(runs.runs).toHaveLength(1);
  });
});
