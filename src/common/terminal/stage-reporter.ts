import { SingleBar } from 'cli-progress';

/** A stage of a training run, as far as a terminal shows it. */
export interface ReportedStage {
  readonly name: string;
  readonly status: string;
  /** Share done, 0 to 1. */
  readonly progress: number;
  /** One line of what it found. */
  readonly summary: string;
  readonly durationMs: number | null;
}

export interface ReportedRun {
  readonly status: string;
  readonly stages: readonly ReportedStage[];
}

/** Prints one line a finished stage; on a terminal a bar shows how far the present stage is. */
export function stageReporter(
  line: (text: string) => void,
  terminal: NodeJS.WriteStream,
): (run: ReportedRun) => void {
  const printed = new Set<string>();
  const bar = terminal.isTTY ? stageBar(terminal) : null;
  return ({ stages, status }) => {
    for (const stage of stages) {
      if (stage.status !== 'succeeded' || printed.has(stage.name)) continue;
      printed.add(stage.name);
      bar?.clear();
      line(`${stage.name}: ${stage.summary} (${seconds(stage)} s)`);
    }
    const running = stages.find((stage) => stage.status === 'running');
    if (running && status === 'running') bar?.show(running);
    else bar?.clear();
  };
}

interface StageBar {
  show(stage: ReportedStage): void;
  clear(): void;
}

function stageBar(terminal: NodeJS.WriteStream): StageBar {
  let bar: SingleBar | null = null;
  const clear = (): void => {
    bar?.stop();
    bar = null;
  };
  return {
    clear,
    show: (stage) => {
      if (!bar) {
        bar = new SingleBar({
          format: '{stage} [{bar}] {percentage}%',
          stream: terminal,
          clearOnComplete: true,
          hideCursor: true,
        });
        bar.start(1, 0, { stage: stage.name });
      }
      bar.update(stage.progress, { stage: stage.name });
    },
  };
}

function seconds({ durationMs }: ReportedStage): string {
  return ((durationMs ?? 0) / 1000).toFixed(1);
}
