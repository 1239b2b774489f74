import { z } from 'zod';
import { run } from './processes.js';

const describeScript = [
  'import json, platform, sys',
  'print(json.dumps({"implementation": platform.python_implementation(),',
  '"version": list(sys.version_info[:2]), "system": sys.platform, "machine": platform.machine()}))',
].join('\n');

const pythonSchema = z.object({
  implementation: z.string(),
  version: z.tuple([z.int(), z.int()]),
  system: z.string(),
  machine: z.string(),
});
export type PythonDescription = z.infer<typeof pythonSchema>;

/** A Python command: the program and the arguments that come before all others. */
export type PythonCommand = readonly [program: string, ...args: string[]];

const versioned: readonly PythonCommand[] = [['python3.13'], ['python3.12'], ['python3.11'], ['python3.10']];
const posixCommands: readonly PythonCommand[] = [['python3'], ['python'], ...versioned];
const windowsCommands: readonly PythonCommand[] = [
  ['py', '-3'],
  ['python'],
  ['python3'],
  ['py', '-3.13'],
  ['py', '-3.12'],
];

/** Platforms with ready-made packages; elsewhere pip would need a C compiler and more. */
const machines: Readonly<Record<string, readonly string[]>> = {
  linux: ['x86_64', 'aarch64'],
  darwin: ['arm64'],
  win32: ['AMD64'],
};

/** Why SecantusDB has no ready-made package for this Python, or `null` when it has one. */
export function unsupportedReason({
  implementation,
  version,
  system,
  machine,
}: PythonDescription): string | null {
  const [major, minor] = version;
  if (implementation !== 'CPython') return `${implementation} is not supported`;
  if (major !== 3 || minor < 10 || minor > 13) return `Python ${major}.${minor} is not 3.10-3.13`;
  return machines[system]?.includes(machine) ? null : `there is no package for ${system} on ${machine}`;
}

/** Asks a Python what it is; `null` when it does not run. */
export async function describePython([program, ...args]: PythonCommand): Promise<PythonDescription | null> {
  const result = await run(program, [...args, '-I', '-c', describeScript], 10_000);
  if (!result.ok) return null;
  const described = pythonSchema.safeParse(parseJson(result.stdout));
  return described.success ? described.data : null;
}

/** The first Python on PATH that SecantusDB has a package for, or one clause that says why none will do. */
export async function findPython(): Promise<
  { readonly command: PythonCommand } | { readonly missing: string }
> {
  const reasons = new Set<string>();
  for (const command of process.platform === 'win32' ? windowsCommands : posixCommands) {
    const python = await describePython(command);
    if (!python) continue;
    const reason = unsupportedReason(python);
    if (reason === null) return { command };
    reasons.add(reason);
  }
  return { missing: reasons.size === 0 ? 'there is no Python on PATH' : [...reasons].join(', ') };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
