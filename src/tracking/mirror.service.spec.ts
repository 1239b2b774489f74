import type { Deployment } from '../registry/deployment.schema.js';
import type { RegistryService } from '../registry/registry.service.js';
import type { RunMirrorState, TrainingRun } from '../runs/training-run.schema.js';
import { FakeOutbox } from './fixtures/fake-outbox.js';
import { endedRun } from './fixtures/tracked.js';
import type { HappeningsRepository } from './happenings.repository.js';
import { MirrorService } from './mirror.service.js';
import type { RunMirror } from './run-mirror.service.js';
import type { VersionMirror } from './version-mirror.service.js';

const at = (hour: number): Date => new Date(Date.UTC(2026, 4, 1, hour));

let outbox: FakeOutbox;
let runs: TrainingRun[];
let ledger: Deployment[];
/** What the last move's crash kept out of the ledger. */
let missing: Deployment | null;
let moves: number;
let mirror: MirrorService;

beforeEach(() => {
  outbox = new FakeOutbox();
  outbox.begun.at = at(6);
  [runs, ledger, missing, moves] = [[], [], null, 0];
  const happenings = {
    runsEnded: (since: Date) =>
      Promise.resolve(runs.filter((run) => !run.mirror && run.finishedAt! >= since).slice(0, 2)),
    moves: (detector: string, behind: number) =>
      Promise.resolve(ledger.filter((entry) => entry.detector === detector && entry.move > behind)),
    showMirror: (ids: string[], state: RunMirrorState) => {
      for (const run of runs) if (ids.includes(run._id)) run.mirror = state;
      return Promise.resolve();
    },
  } as unknown as HappeningsRepository;
  const registry = {
    models: () => Promise.resolve([{ _id: 'tiny', moves }]),
    listDeployments: () => {
      if (missing) ledger.push(missing);
      return Promise.resolve();
    },
  } as unknown as RegistryService;
  mirror = new MirrorService(outbox.repository, happenings, registry, {} as RunMirror, {} as VersionMirror);
});

const noted = (): string[] => outbox.entries.map(({ _id }) => _id);
const move = (number: number, hour: number): Deployment =>
  ({ _id: `tiny/${number}`, detector: 'tiny', move: number, at: at(hour) }) as Deployment;

describe('what is noted to be told', () => {
  it('are the runs that ended since tracking began, once', async () => {
    runs = [endedRun(1, { finishedAt: at(5) }), endedRun(2, { finishedAt: at(7) })];
    expect(await mirror.collect(null)).toBe(true);
    expect(await mirror.collect(null)).toBe(false);
    expect(noted()).toEqual(['run/run-2']);
    expect(runs.map((run) => run.mirror)).toEqual([undefined, { state: 'pending', url: null, error: null }]);
  });

  it('includes a run that was written hours after later ones', async () => {
    runs = [endedRun(2, { finishedAt: at(20) })];
    await mirror.collect(null);
    runs.push(endedRun(1, { finishedAt: at(7) }));
    await mirror.collect(null);
    expect(noted()).toEqual(['run/run-2', 'run/run-1']);
  });

  it('is not noted again when what was delivered is deleted', async () => {
    runs = [endedRun(1, { finishedAt: at(7) })];
    ledger = [move(1, 8)];
    moves = 1;
    await mirror.collect(null);
    outbox.entries.length = 0;
    await mirror.collect(null);
    expect(noted()).toEqual([]);
  });

  it('may be more than one look takes', async () => {
    runs = [1, 2, 3].map((version) => endedRun(version, { finishedAt: at(7) }));
    expect(await mirror.collect(null)).toBe(true);
    expect(noted()).toHaveLength(2);
    await mirror.collect(null);
    expect(noted()).toHaveLength(3);
  });

  it('are the moves since tracking began, each once by its number', async () => {
    ledger = [move(1, 5), move(2, 7)];
    moves = 2;
    await mirror.collect(null);
    ledger.push(move(3, 7));
    moves = 3;
    await mirror.collect(null);
    expect(noted()).toEqual(['move/tiny/2', 'move/tiny/3']);
    expect(outbox.begun.moves).toEqual({ tiny: 3 });
  });

  it('includes a move that a crash kept out of the ledger', async () => {
    ledger = [move(1, 7)];
    missing = move(2, 8);
    moves = 2;
    await mirror.collect(null);
    expect(noted()).toEqual(['move/tiny/1', 'move/tiny/2']);
  });

  it('says at once why it has to wait, where that is known', async () => {
    runs = [endedRun(1, { finishedAt: at(7) })];
    await mirror.collect('the token is wrong');
    expect(runs[0].mirror?.error).toBe('the token is wrong');
    expect(outbox.entries[0].error).toBe('the token is wrong');
  });
});
