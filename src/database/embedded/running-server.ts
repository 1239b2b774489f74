import { setTimeout as sleep } from 'node:timers/promises';
import { type DatabaseFolder, type ServerNote } from './database-folder.js';
import { EmbeddedDatabaseError } from './embedded.errors.js';
import { isKept } from './keeper-protocol.js';
import { isAlive } from './processes.js';
import { readSentinel } from './sentinel.js';
import { identify, tryPort, withClient } from './server-probe.js';

/** Longer than a start may take; a busy server also answers late. */
const keptPatienceMs = 45_000;
/** Without a keeper only an orphan may still answer. */
const orphanPatienceMs = 5000;

type Answer = 'ours' | 'foreign' | 'refused' | 'silent';

export interface RunningServer {
  readonly note: ServerNote;
  /** Whether its keeper lives; a server that has lost it needs a new one. */
  readonly kept: boolean;
}

/**
 * The server that the folder's note leads to, or `null` when the note is missing or stale. Proof is not the
 * process id but the answer: right engine, and the sentinel of this folder's data.
 * @throws EmbeddedDatabaseError when the server lives and does not answer.
 */
export async function findRunningServer(folder: DatabaseFolder): Promise<RunningServer | null> {
  const start = Date.now();
  for (;;) {
    const note = await folder.readNote();
    if (!note) return null;
    const [kept, answer] = await Promise.all([isKept(note), ask(note, folder)]);
    if (answer === 'ours' && (note.state === 'ready' || !kept)) return { note, kept };
    if (!mayStillAnswer(note, kept, answer)) return null;
    if (Date.now() - start > (kept ? keptPatienceMs : orphanPatienceMs)) {
      if (!kept) return null;
      throw new EmbeddedDatabaseError(
        `The database server (process ${note.pid}) does not answer.`,
        `Look at ${folder.logFile}; ending process ${note.keeperPid} stops it.`,
      );
    }
    await sleep(200);
  }
}

function mayStillAnswer(note: ServerNote, kept: boolean, answer: Answer): boolean {
  const unsettled = answer === 'silent' || note.state === 'starting';
  return unsettled && (kept || isAlive(note.pid));
}

async function ask(note: ServerNote, folder: DatabaseFolder): Promise<Answer> {
  const marker = await folder.readMarker();
  const state = await tryPort(note.port);
  if (state !== 'open') return state;
  const password = note.asksPassword ? await folder.readPassword() : null;
  try {
    return await withClient({ port: note.port, password }, async (client) => {
      if ((await identify(client, note.engine)) === null) return 'foreign';
      const sentinel = await readSentinel(client);
      return marker === null || sentinel === marker.sentinel ? 'ours' : 'foreign';
    });
  } catch {
    return 'silent'; // Busy, or a program that does not speak the protocol or does not know the password.
  }
}
