/**
 * Compiles every `name.as` below src/ml into `name.wasm.ts` beside it, the module's bytes in base64:
 * `npm run kernels`, or with `--check` to fail where such a file is not what its source gives.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { Buffer } from 'node:buffer';
import asc from 'assemblyscript/asc';
import { format, resolveConfig } from 'prettier';

const folder = new URL('../src/ml/', import.meta.url);
const flags =
  '-O3 --noAssert --runtime stub --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536 --enable threads --enable simd';

for (const name of await readdir(folder, { recursive: true })) {
  if (!name.endsWith('.as')) continue;
  const target = new URL(name.replace(/\.as$/, '.wasm.ts'), folder);
  const code = await format(moduleOf(name, await compile(new URL(name, folder))), {
    ...(await resolveConfig(target)),
    parser: 'typescript',
  });
  if (!process.argv.includes('--check')) await writeFile(target, code);
  else if ((await readFile(target, 'utf8')) !== code) {
    throw new Error(`${name} was changed since it was compiled: npm run kernels`);
  }
}

async function compile(url) {
  const source = await readFile(url, 'utf8');
  let bytes;
  const { error, stderr } = await asc.main(['source.ts', '--outFile', 'source.wasm', ...flags.split(' ')], {
    readFile: (name) => (name === 'source.ts' ? source : null),
    writeFile: (_name, contents) => void (bytes = contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return bytes;
}

function moduleOf(name, bytes) {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .match(/.{1,90}/g);
  return `// Made from ${name.split(/[\\/]/).at(-1)} by "npm run kernels": do not edit.
export const kernelBytes =
${lines.map((line) => `'${line}'`).join(' +\n')};
`;
}
