import { type Command, Option } from 'commander';
import { SingleBar } from 'cli-progress';
import { type AlertFormat, alertFormats } from '../../following/alerts/alert-formats.js';
import { RequestInvalidError } from '../../common/errors.js';
import { FollowingService, type FollowSummary } from '../../following/following.service.js';
import { type OutputFormat, outputFormats } from '../../prediction/prediction.dto.js';
import { type VerdictName, verdicts } from '../../registry/bundle/scoring-model.js';
import { runScoringCommand } from '../command-app.js';

/** Options of `score` that have to do with `--follow`. */
export interface FollowOptions {
  readonly follow?: boolean;
  readonly alert?: VerdictName;
  readonly to?: string;
  readonly from?: 'start' | 'end';
  readonly out?: string;
  readonly format?: OutputFormat | AlertFormat;
  readonly json?: boolean;
}

export function addFollowOptions(command: Command): Command {
  const formats = new Set([...outputFormats, ...alertFormats]);
  const following = (flags: string, description: string): Option =>
    new Option(flags, `with --follow: ${description}`).implies({ follow: true });
  return command
    .addOption(
      new Option('--format <format>', 'csv or ndjson; with --follow ndjson, ecs or cef (for syslog)').choices(
        [...formats],
      ),
    )
    .addOption(
      new Option(
        '--follow',
        'read on while the log grows and is rotated, and write alerts (network-flow)',
      ).conflicts(['explain', 'cells', 'ignoreColumns']),
    )
    .addOption(
      following('--alert <verdict>', 'the mildest verdict that is an alert (malicious)').choices(verdicts),
    )
    .addOption(following('--to <address>', 'syslog+tcp://host:port, syslog+tls://host:port or https://…'))
    .addOption(following('--from <place>', 'where to begin in a new log (start)').choices(['start', 'end']));
}

/**
 * The format of those that are possible; the default is NDJSON, which always is.
 * @throws RequestInvalidError
 */
export function formatAmong<T extends string>(formats: readonly T[], format = 'ndjson'): T {
  const found = formats.find((name) => name === format);
  if (found !== undefined) return found;
  const message = `is ${format}; only ${formats.join(', ')} can be written here`;
  throw new RequestInvalidError([{ path: '--format', message }], 'The result cannot be written like this.');
}

/** Follows until SIGINT or SIGTERM, then settles what is under way. A second signal ends at once. */
export function followLog(detector: string, log: string, options: FollowOptions): Promise<void> {
  return runScoringCommand(
    async (app) => {
      const { to, out, alert: least = 'malicious', from = 'start' } = options;
      const format = options.format && formatAmong(alertFormats, options.format);
      if (log === '-') throw noFile();
      const order = { detector, log, least, from, to, out, format };
      const bar = progressBar();
      const summary = await app
        .get(FollowingService)
        .follow(order, stopSignal(), (state) => bar?.update(0, counts(state)))
        .finally(() => bar?.stop());
      // Where alerts go to standard output, the summary does not go between them.
      const stream = to === undefined && out === undefined ? process.stderr : process.stdout;
      stream.write(`${options.json ? JSON.stringify(summary) : inWords(summary)}\n`);
    },
    { ownSignals: true },
  );
}

function noFile(): RequestInvalidError {
  return new RequestInvalidError([{ path: 'file', message: 'is -; a log that is followed is a file' }]);
}

function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return stopping.signal;
}

interface Counts {
  readonly flows: number;
  readonly alerts: number;
  readonly rejected: number;
}

function counts({ lines, alerts }: FollowSummary): Counts {
  return { flows: lines.flow, alerts, rejected: lines.fault };
}

function inWords(summary: FollowSummary): string {
  const { flows, alerts, rejected } = counts(summary);
  const first = summary.rejected.slice(0, 10).map(({ line, problem }) => `\n  line ${line}: ${problem}`);
  return `${flows} flows read, ${alerts} alerts sent, ${rejected} lines rejected${first.join('')}`;
}

function progressBar(): SingleBar | null {
  if (!process.stderr.isTTY) return null;
  const format = '{flows} flows read, {alerts} alerts sent, {rejected} lines rejected';
  const bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true, hideCursor: true });
  bar.start(1, 0, { flows: 0, alerts: 0, rejected: 0 } satisfies Counts);
  return bar;
}
