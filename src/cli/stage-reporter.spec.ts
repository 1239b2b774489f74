import { queuedRun } from '../runs/fixtures/queued-run.js';
import type { StageName, TrainingRun } from '../runs/training-run.schema.js';
import { stageReporter } from './stage-reporter.js';

class FakeTerminal {
  written = '';
  columns = 80;
  constructor(readonly isTTY: boolean) {}

  write(text: string): boolean {
    this.written += text;
    return true;
  }

  cursorTo(): void {
    return;
  }

  clearLine(): void {
    this.written += '<cleared>';
  }
}

function runWith(stages: Partial<Record<StageName, Partial<TrainingRun['stages'][number]>>>): TrainingRun {
  const run = queuedRun();
  return {
    ...run,
    status: 'running',
    stages: run.stages.map((stage) => ({ ...stage, ...stages[stage.name] })),
  };
}

const ingested = { status: 'succeeded', summary: '40 records', durationMs: 1240 } as const;

describe('telling of a run where nobody looks at a terminal', () => {
  let lines: string[];
  let terminal: FakeTerminal;

  beforeEach(() => {
    lines = [];
    terminal = new FakeTerminal(false);
  });

  it('is one line a finished stage, said once', () => {
    const observe = stageReporter((line) => lines.push(line), terminal as unknown as NodeJS.WriteStream);
    observe(queuedRun());
    observe(runWith({ ingestion: { status: 'running' } }));
    expect(lines).toEqual([]);
    observe(runWith({ ingestion: ingested, validation: { status: 'running', progress: 0.5 } }));
    observe(runWith({ ingestion: ingested, validation: { status: 'running', progress: 0.9 } }));
    expect(lines).toEqual(['ingestion: 40 records (1.2 s)']);
    const validated = { status: 'succeeded', summary: 'passed', durationMs: 49 } as const;
    observe(runWith({ ingestion: ingested, validation: validated }));
    observe({ ...runWith({ ingestion: ingested, validation: validated }), status: 'succeeded' });
    expect(lines).toEqual(['ingestion: 40 records (1.2 s)', 'validation: passed (0.0 s)']);
  });

  it('draws nothing', () => {
    const observe = stageReporter(() => undefined, terminal as unknown as NodeJS.WriteStream);
    observe(runWith({ training: { status: 'running', progress: 0.5 } }));
    observe({ ...queuedRun(), status: 'failed' });
    expect(terminal.written).toBe('');
  });

  it('says nothing of a stage that failed', () => {
    const observe = stageReporter((line) => lines.push(line), terminal as unknown as NodeJS.WriteStream);
    observe({ ...runWith({ ingestion: { status: 'failed', durationMs: 5 } }), status: 'failed' });
    expect(lines).toEqual([]);
  });
});

describe('telling of a run on a terminal', () => {
  it('also draws how far the present stage is, and stops with the run', () => {
    const terminal = new FakeTerminal(true);
    const lines: string[] = [];
    const observe = stageReporter((line) => lines.push(line), terminal as unknown as NodeJS.WriteStream);
    observe(runWith({ ingestion: ingested, training: { status: 'running', progress: 0.5 } }));
    expect(terminal.written).toContain('training [');
    expect(lines).toEqual(['ingestion: 40 records (1.2 s)']);
    observe({ ...queuedRun(), status: 'failed' });
    const drawn = terminal.written;
    observe({ ...queuedRun(), status: 'failed' });
    expect(terminal.written).toBe(drawn);
  });
});
