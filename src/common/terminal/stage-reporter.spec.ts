import { type ReportedRun, type ReportedStage, stageReporter } from './stage-reporter.js';

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

const pending = { status: 'pending', progress: 0, summary: '', durationMs: null };

function runWith(stages: Readonly<Record<string, Partial<ReportedStage>>>, status = 'running'): ReportedRun {
  const names = ['ingestion', 'validation', 'training'];
  return { status, stages: names.map((name) => ({ name, ...pending, ...stages[name] })) };
}

const ingested = { status: 'succeeded', summary: '40 records', durationMs: 1240 } as const;

describe('a run reported where there is no terminal', () => {
  let lines: string[];
  let terminal: FakeTerminal;

  beforeEach(() => {
    lines = [];
    terminal = new FakeTerminal(false);
  });

  it('is one line a finished stage, said once', () => {
    const observe = stageReporter((line) => lines.push(line), terminal as unknown as NodeJS.WriteStream);
    observe(runWith({}, 'queued'));
    observe(runWith({ ingestion: { status: 'running' } }));
    expect(lines).toEqual([]);
    observe(runWith({ ingestion: ingested, validation: { status: 'running', progress: 0.5 } }));
    observe(runWith({ ingestion: ingested, validation: { status: 'running', progress: 0.9 } }));
    expect(lines).toEqual(['ingestion: 40 records (1.2 s)']);
    const validated = { status: 'succeeded', summary: 'passed', durationMs: 49 } as const;
    observe(runWith({ ingestion: ingested, validation: validated }));
    observe(runWith({ ingestion: ingested, validation: validated }, 'succeeded'));
    expect(lines).toEqual(['ingestion: 40 records (1.2 s)', 'validation: passed (0.0 s)']);
  });

  it('draws nothing', () => {
    const observe = stageReporter(() => undefined, terminal as unknown as NodeJS.WriteStream);
    observe(runWith({ training: { status: 'running', progress: 0.5 } }));
    observe(runWith({}, 'failed'));
    expect(terminal.written).toBe('');
  });

  it('says nothing of a stage that failed', () => {
    const observe = stageReporter((line) => lines.push(line), terminal as unknown as NodeJS.WriteStream);
    observe(runWith({ ingestion: { status: 'failed', durationMs: 5 } }, 'failed'));
    expect(lines).toEqual([]);
  });
});

describe('a run reported on a terminal', () => {
  it('also draws how far the present stage is, and stops with the run', () => {
    const terminal = new FakeTerminal(true);
    const lines: string[] = [];
    const observe = stageReporter((line) => lines.push(line), terminal as unknown as NodeJS.WriteStream);
    observe(runWith({ ingestion: ingested, training: { status: 'running', progress: 0.5 } }));
    expect(terminal.written).toContain('training [');
    expect(lines).toEqual(['ingestion: 40 records (1.2 s)']);
    observe(runWith({}, 'failed'));
    const drawn = terminal.written;
    observe(runWith({}, 'failed'));
    expect(terminal.written).toBe(drawn);
  });
});
