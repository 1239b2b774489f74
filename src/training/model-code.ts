import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../config/project-root.js';

/** Code that decides what model comes of the same records and contract, as sources or compiled. */
const makesModels =
  /^(ml|detector|transformation|training|registry\/bundle|ingestion\/snapshot|ingestion\/supplement).*\.[jt]s$/;
const forSpecsOnly = /\.spec\.[jt]s$|\/fixtures\//;
/** Lists that come with the program. */
const lists = /^data\/.*\.(txt|csv)$/;
/** Packages that decide it too: learners, and the public suffixes. */
const packages = ['ml-knn', 'ml-random-forest', 'tldts'];

const codeFolder = fileURLToPath(new URL('..', import.meta.url));
/** Written by the build, so that no process has to read all that code. */
export const modelCodeFile = join(codeFolder, 'model-code.json');

/** sha256 of the code that makes models, in hex. */
export const modelCodeSha256: string = existsSync(modelCodeFile)
  ? (JSON.parse(readFileSync(modelCodeFile, 'utf8')) as { sha256: string }).sha256
  : digestOfModelCode();

/**
 * @param code folder of the rooms
 * @param root the project's folder
 */
export function digestOfModelCode(code = codeFolder, root = projectRoot): string {
  const below = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const rooms = below(code).filter((path) => makesModels.test(path) && !forSpecsOnly.test(path));
  const listed = below(join(root, 'data'))
    .map((path) => `data/${path}`)
    .filter((path) => lists.test(path));
  const manifests = packages.map((name) => `node_modules/${name}/package.json`);
  const hash = createHash('sha256');
  for (const [folder, paths] of [
    [code, rooms],
    [root, [...listed, ...manifests]],
  ] as const)
    for (const path of paths) hash.update(`${path}\0`).update(readFileSync(join(folder, path)));
  return hash.digest('hex');
}
