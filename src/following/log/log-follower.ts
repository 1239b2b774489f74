import { type FileIdentity, isSameFile, type LogFile, openLogFile } from './log-file.js';
import { type FollowedBatch, LogReading } from './log-reading.js';
import { digestOf, headBytes, type Place } from './place.js';
import { type LogName, logNamed } from './log-name.js';

export interface FollowOptions {
  /** Where to go on; null for a log that is followed for the first time. */
  readonly place: Place | null;
  /** Where to begin in a log that is followed for the first time. */
  readonly from?: 'start' | 'end';
  /** How often it is looked whether there is more. */
  readonly pollMs?: number;
  /** Called with what a person should know, such as that a part of the log is gone. */
  readonly onNote?: (note: string) => void;
}

/** Files are read oldest first: what was finished long ago is not met again. */
const finishedKept = 100;
const nothingKnown = { format: null, preamble: [] };

/**
 * Reads a log that grows, across its files. A file that was renamed is read to its end before the one that took its
 * name; of one that was truncated, the copy that was made of it, as far as there is one. After a restart the file is
 * found again under any name that rotation gives it in its folder, also compressed, and so are those that came and
 * went in the meantime. Looks instead of watching: notices of changes get lost on network drives and in containers.
 */
export class LogFollower {
  /** The ends of the files that were read to their end. */
  private readonly finished: Place[] = [];
  private readonly name: LogName;
  private readonly pollMs: number;
  private readonly note: (note: string) => void;

  /**
   * @param path the log's file, or one with a pattern of dates for its name: then the latest is the one that grows
   * @throws RequestInvalidError for a pattern that cannot be followed
   */
  constructor(
    private readonly path: string,
    private readonly options: FollowOptions,
  ) {
    this.name = logNamed(path);
    this.pollMs = options.pollMs ?? 250;
    this.note = options.onNote ?? ((): void => undefined);
  }

  /**
   * What the log holds, a batch at a time; nothing is read while a batch is being looked at. Before it goes on at a
   * place, the batch before that comes once more, as context. Ends with the signal.
   * @throws ReaderError `UNKNOWN_FORMAT` for what is no log of flows
   */
  async *batches(signal: AbortSignal): AsyncGenerator<FollowedBatch, void, undefined> {
    let reading = await this.begin(signal);
    let isQuiet = false;
    try {
      if (reading) yield (await reading.context()) ?? quiet(reading);
      while (reading && !signal.aborted) {
        const missed = await this.missed(reading);
        const batch = missed ? null : await reading.next();
        if (missed) {
          reading = await this.turnTo(reading, await LogReading.anew(missed, reading.place));
        } else if (batch) {
          isQuiet = false;
          yield batch;
        } else if (await reading.isReplaced()) {
          reading = await this.turnTo(reading, await this.afterTruncation(reading.place, signal));
        } else if (await this.isLeft(reading)) {
          yield* reading.drain();
          reading = await this.turnTo(reading, await this.after(reading.place, signal));
        } else {
          if (!isQuiet) yield quiet(reading);
          isQuiet = true;
          await pause(this.pollMs, signal);
        }
      }
      const held = reading?.release() ?? [];
      if (reading && held.length > 0) yield { ...quiet(reading), items: held };
    } finally {
      await reading?.file.close();
    }
  }

  /** @returns null where the signal came before the log */
  private async begin(signal: AbortSignal): Promise<LogReading | null> {
    const { place, from = 'start' } = this.options;
    if (place) return this.resume(place, signal);
    const file = await this.live(signal);
    if (!file) return null;
    return from === 'end' ? LogReading.fromEnd(file) : LogReading.anew(file, nothingKnown);
  }

  private async resume(place: Place, signal: AbortSignal): Promise<LogReading | null> {
    const found = await this.findAgain(place);
    if (found) return found;
    if (place.offset > 0)
      this.note(
        `the file that was read up to byte ${place.offset} is gone, and what came behind that with it`,
      );
    return this.after(place, signal);
  }

  /** The file of the place under whatever name it has now, or a copy of it; null where nothing was read of it. */
  private async findAgain(place: Place): Promise<LogReading | null> {
    if (place.offset === 0) return null;
    const live = await this.name.current();
    const files = [...(live ? [live] : []), ...(await this.name.others())];
    const same = files.filter((file) => isSameFile(file, place));
    const others = files.filter((file) => !isSameFile(file, place));
    for (const { path } of [...same, ...others]) {
      const file = await openLogFile(path);
      if (!file) return this.findAgain(place);
      const reading = await LogReading.resumed(file, place);
      if (reading) return reading;
      await file.close();
    }
    const now = await this.name.current();
    // It may have been renamed between two looks.
    const isUnchanged = now && live ? isSameFile(now, live) : now === live;
    return isUnchanged ? null : this.findAgain(place);
  }

  /** Whether the writer is done with a file: it is, once it has written to another. */
  private async isLeft({ file, place }: LogReading): Promise<boolean> {
    const live = await this.name.current();
    if (live && isSameFile(live, place)) return false;
    if (live && (live.size > 0 || file.isComplete)) return true;
    const unread = await this.unread(place, place);
    await unread?.close();
    return unread !== null;
  }

  /** What had not been read of a truncated file is in its copy, where one was made. */
  private async afterTruncation(place: Place, signal: AbortSignal): Promise<LogReading | null> {
    return (await this.findAgain(place)) ?? this.after(place, signal);
  }

  /** The file that was written to behind what was read at the place. */
  private async after(place: Place, signal: AbortSignal): Promise<LogReading | null> {
    this.finished.push(place);
    this.finished.splice(0, Math.max(0, this.finished.length - finishedKept));
    const file = (await this.unread(place, null)) ?? (await this.liveBehind(place, signal));
    return file && LogReading.anew(file, place);
  }

  /** The file that has the log's name, or what had it until it was opened. */
  private async liveBehind(place: Place, signal: AbortSignal): Promise<LogFile | null> {
    const file = await this.live(signal);
    const missed = file && (await this.unread(place, await file.state()));
    if (!missed) return file;
    await file.close();
    return missed;
  }

  /** Of what was truncated before anything was read of it only the copy is left; nothing else tells of it. */
  private async missed({ file, place }: LogReading): Promise<LogFile | null> {
    return place.offset === 0 ? this.unread(place, place, (await file.state()).modified) : null;
  }

  /**
   * The rotated file that comes behind the one of a place, if any. Clocks of file systems are coarse: of files that
   * were written last at the same time each is taken.
   * @param except the file itself where it is open and may be written to
   * @param before by when the file was written last
   */
  private async unread(
    place: Place,
    except: FileIdentity | null,
    before = Infinity,
  ): Promise<LogFile | null> {
    for (const log of await this.name.others()) {
      if (log.modified < place.modified || log.modified >= before) continue;
      if (except && isSameFile(log, except)) continue;
      const file = await openLogFile(log.path);
      // It has just got another name, or was compressed.
      if (!file) return this.unread(place, except, before);
      if (!(await isAmong(file, log, [...this.finished, place]))) return file;
      await file.close();
    }
    return null;
  }

  /** The file that has the log's name, once there is one. */
  private async live(signal: AbortSignal): Promise<LogFile | null> {
    for (let isNoted = false; !signal.aborted; isNoted = true) {
      const current = await this.name.current();
      const file = current && (await openLogFile(current.path));
      if (file) return file;
      if (!isNoted) this.note(`waiting for ${this.path}: there is no such file yet`);
      await pause(this.pollMs, signal);
    }
    return null;
  }

  private async turnTo(from: LogReading, to: LogReading | null): Promise<LogReading | null> {
    await from.file.close();
    return to;
  }
}

/** Whether a file is one of those that were read, or has been made of one by compression; or holds nothing. */
async function isAmong(file: LogFile, identity: FileIdentity, read: readonly Place[]): Promise<boolean> {
  const head = await file.head(headBytes);
  const beginsLike = ({ head: { bytes, sha256 } }: Place): boolean =>
    bytes > 0 && digestOf(head.subarray(0, bytes)).sha256 === sha256;
  return (
    head.length === 0 ||
    read.some((place) => beginsLike(place) && (file.isComplete || isSameFile(identity, place)))
  );
}

function quiet({ place }: LogReading): FollowedBatch {
  return { items: [], place, caughtUp: true, isContext: false };
}

/** Ends early, and without an error, with the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((done) => {
    const timer = setTimeout(finish, ms);
    function finish(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      done();
    }
    signal.addEventListener('abort', finish);
  });
}
