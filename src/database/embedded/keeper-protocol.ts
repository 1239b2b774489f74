import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { type DatabaseFolder, type ServerNote } from './database-folder.js';
import { EmbeddedDatabaseError } from './embedded.errors.js';
import { engineProgramSchema } from './engine.js';
import { compiledScript } from './processes.js';

/** What a keeper is to do, given to it as its one argument. */
export const keeperPlanSchema = z.object({
  root: z.string(),
  program: engineProgramSchema,
  /** A server that runs already because only its keeper has died. */
  adopt: z.object({ pid: z.int().positive(), port: z.int().positive() }).optional(),
});
export type KeeperPlan = z.infer<typeof keeperPlanSchema>;

/** The one message that a keeper sends to the process that started it. */
export type KeeperReport =
  | { readonly ready: ServerNote }
  | { readonly failed: { readonly reason: string; readonly nextStep: string } };

/**
 * Starts a keeper that outlives this process, and waits for its server.
 * @throws EmbeddedDatabaseError with the end of the log when the server cannot be started.
 */
export async function startKeeper(folder: DatabaseFolder, plan: KeeperPlan): Promise<ServerNote> {
  if (!plan.adopt) await folder.rotateLog();
  const log = await open(folder.logFile, 'a', 0o600);
  const keeper = spawn(process.execPath, [compiledScript('keeper.js'), JSON.stringify(plan)], {
    cwd: folder.root,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
  });
  try {
    const report = await firstReport(keeper, folder);
    if ('ready' in report) return report.ready;
    throw new EmbeddedDatabaseError(report.failed.reason, report.failed.nextStep);
  } finally {
    await log.close();
    if (keeper.connected) keeper.disconnect();
    keeper.unref();
  }
}

/** The channel closes after its last message, so a close without one means that the keeper broke down. */
function firstReport(keeper: ChildProcess, folder: DatabaseFolder): Promise<KeeperReport> {
  return new Promise((resolve, reject) => {
    keeper.once('message', (report) => resolve(report as KeeperReport));
    keeper.once('error', reject);
    keeper.once('disconnect', () => {
      const breakdown = (log: string): KeeperReport => ({
        failed: {
          reason: `The process that keeps the database server broke down. Its last lines:\n${log}`,
          nextStep: `The whole log is ${folder.logFile}.`,
        },
      });
      folder.lastLogLines().then((log) => resolve(breakdown(log)), reject);
    });
  });
}

/** Hexadecimal digits. */
const questionLength = 64;
const answerMs = 2000;

/**
 * Answers each question with a proof that this process knows the token. The token itself stays here: the port is open to
 * everybody on this machine, and who had it could pass for this keeper after its death.
 */
export function proveToken(token: string): Server {
  return createServer((socket) => {
    let question = '';
    socket
      .setEncoding('latin1')
      .setTimeout(answerMs, () => socket.destroy())
      .on('error', () => socket.destroy())
      .on('data', (text: string) => {
        question += text;
        if (question.length < questionLength) return;
        socket.removeAllListeners('data').end(proof(token, question.slice(0, questionLength)));
      });
  });
}

/** Whether the keeper that wrote this note lives: it proves within 2 s that it knows the note's token. */
export async function isKept(note: ServerNote): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port: note.keeperPort });
  const limit = setTimeout(() => socket.destroy(), answerMs);
  const question = randomBytes(questionLength / 2).toString('hex');
  try {
    socket.write(question);
    return (await text(socket)) === proof(note.token, question);
  } catch {
    return false;
  } finally {
    clearTimeout(limit);
    socket.destroy();
  }
}

function proof(token: string, question: string): string {
  return createHmac('sha256', token).update(question).digest('hex');
}
