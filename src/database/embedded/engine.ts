import { z } from 'zod';

/** The database servers that can be run, in the order in which they are tried. */
export const engineNames = ['mongod', 'downloaded-mongod', 'secantusdb'] as const;
export type EngineName = (typeof engineNames)[number];

export const secantusVersion = '0.7.0b3';

/** A server program that is there and can be launched. Passed to the keeper as JSON. */
export const engineProgramSchema = z.object({
  engine: z.enum(engineNames),
  executable: z.string(),
  /** Working directory of the server. */
  directory: z.string(),
});
export type EngineProgram = z.infer<typeof engineProgramSchema>;

/** A link of the chain: its program, or one clause that says why there is none. */
export type EngineSearch = { readonly program: EngineProgram } | { readonly missing: string };

export const engineLabels: Readonly<Record<EngineName, string>> = {
  mongod: 'mongod from PATH',
  'downloaded-mongod': 'mongod, downloaded',
  secantusdb: 'SecantusDB (beta, not for production data)',
};

/**
 * The command line that serves `dataFolder` on loopback.
 * @param asksPassword whether only who knows a password is let in; else everybody on this machine is.
 */
export function serverArguments(
  engine: EngineName,
  port: number,
  dataFolder: string,
  asksPassword: boolean,
): string[] {
  if (engine !== 'secantusdb') {
    // Without the second setting, whoever is on this machine may create the first user of data that has none.
    const login = asksPassword ? ['--auth', '--setParameter', 'enableLocalhostAuthBypass=0'] : [];
    return ['--dbpath', dataFolder, '--port', String(port), '--bind_ip', '127.0.0.1', '--quiet', ...login];
  }
  const place = ['--host', '127.0.0.1', '--port', String(port), '--storage-path', dataFolder];
  // Without --sync-on-commit acknowledged writes are lost when the server is killed, majority ones too.
  const login = asksPassword ? ['--auth'] : [];
  return ['-m', 'secantus', ...place, '--sync-on-commit', '--log-level', 'INFO', ...login];
}

/**
 * Whether a server's own output says that it has bound the port. An answer on the port does not: while a
 * server is about to fail because the port is taken, the other one there answers in its place.
 */
export function saysListening(log: string, port: number): boolean {
  return new RegExp(`secantus listening on 127\\.0\\.0\\.1:${port}\\s|waiting for connections`, 'i').test(
    log,
  );
}

/** Whether a server's output says that it ended because another program had the port. */
export function saysPortTaken(log: string): boolean {
  return /address already in use|only one usage of each socket address/i.test(log);
}
