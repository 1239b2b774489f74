import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EngineProgram, type EngineSearch, secantusVersion } from './engine.js';
import { withFolderLock } from './folder-lock.js';
import { lastLines, run } from './processes.js';
import { describePython, findPython, type PythonCommand } from './python.js';

const venvLimitMs = 2 * 60_000;
const pipLimitMs = 10 * 60_000;

/**
 * SecantusDB in its private Python environment under `engineDir`, installed with the user's own pip when it
 * is not there. Two processes at once make one installation.
 */
export async function findSecantusdb(
  engineDir: string,
  onProgress: (message: string) => void,
): Promise<EngineSearch> {
  const home = join(engineDir, `secantusdb-${secantusVersion}`);
  const program = secantusProgram(home);
  if (await isInstalled(program)) return { program };
  await mkdir(home, { recursive: true });
  const install = async (): Promise<EngineSearch> => {
    if (await isInstalled(program)) return { program };
    const python = await findPython();
    const missing =
      'missing' in python ? python.missing : await buildEnvironment(python.command, program, onProgress);
    return missing === null ? { program } : { missing: `SecantusDB cannot be installed (${missing})` };
  };
  return withFolderLock(home, install, () =>
    onProgress('waiting for another process that installs SecantusDB'),
  );
}

function secantusProgram(home: string): EngineProgram {
  const python = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  return { engine: 'secantusdb', executable: join(home, 'venv', ...python), directory: home };
}

function readyFile(program: EngineProgram): string {
  return join(program.directory, 'venv', '.ready');
}

/** Finished, and by the Python version that the environment leads to now: a system upgrade may have changed it. */
async function isInstalled(program: EngineProgram): Promise<boolean> {
  const installedBy = await readFile(readyFile(program), 'utf8').catch(() => null);
  if (installedBy === null) return false;
  const python = await describePython([program.executable]);
  return python?.version.join('.') === installedBy.trim();
}

/** @returns why it failed, or `null`. */
async function buildEnvironment(
  [python, ...pythonArgs]: PythonCommand,
  program: EngineProgram,
  onProgress: (message: string) => void,
): Promise<string | null> {
  const { directory: home, executable } = program;
  onProgress(
    `installing SecantusDB ${secantusVersion} (beta, GPL-2.0, run as a separate process) into ${home}: about 20 s`,
  );
  const venv = join(home, 'venv');
  await rm(venv, { recursive: true, force: true });
  const created = await run(python, [...pythonArgs, '-m', 'venv', venv], venvLimitMs);
  if (!created.ok) return `creating the Python environment failed:\n${lastLines(created.output, 6)}`;
  const quiet = ['--no-input', '--disable-pip-version-check', '--progress-bar', 'off'];
  // A source build would take minutes and fail on most machines with pages of compiler output.
  const requirement = ['--only-binary=:all:', `SecantusDB==${secantusVersion}`];
  const installed = await run(executable, ['-m', 'pip', 'install', ...quiet, ...requirement], pipLimitMs);
  if (!installed.ok) return `pip failed:\n${lastLines(installed.output, 6)}`;
  // The server reads the first secantusd.toml it finds, its working directory first: an empty one here keeps
  // the user's own settings, made for other servers, out of it.
  await writeFile(join(home, 'secantusd.toml'), '');
  const version = (await describePython([executable]))?.version.join('.') ?? '';
  await writeFile(readyFile(program), `${version}\n`);
  return null;
}
