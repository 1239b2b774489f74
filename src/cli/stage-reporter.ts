import { SingleBar } from 'cli-progress';
import type { RunObserver } from '../runs/awaited-runs.service.js';
import type { Stage, StageName } from '../runs/training-run.schema.js';

/** Tells one line a finished stage; on a terminal a bar shows how far the present one is. */
export function stageReporter(line: (text: string) => void, terminal: NodeJS.WriteStream): RunObserver {
  const told = new Set<StageName>();
  const bar = terminal.isTTY ? stageBar(terminal) : null;
  return ({ stages, status }) => {
    for (const stage of stages) {
      if (stage.status !== 'succeeded' || told.has(stage.name)) continue;
      told.add(stage.name);
      bar?.clear();
      line(`${stage.name}: ${stage.summary} (${seconds(stage)} s)`);
    }
    const running = stages.find((stage) => stage.status === 'running');
    if (running && status === 'running') bar?.show(running);
    else bar?.clear();
  };
}

interface StageBar {
  show(stage: Stage): void;
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

function seconds({ durationMs }: Stage): string {
  return ((durationMs ?? 0) / 1000).toFixed(1);
}
