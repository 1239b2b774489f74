/**
 * Trains the baselines that come with the program and writes each to models/<detector>/, with its model card.
 *
 *   npm run models:build -- [--data ../shared/data] [detector ...]
 *
 * Everything goes through the command line, as a user would do it, on a database of its own that is removed afterwards.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { isUrlFault, parseUrl } from '../dist/detector/url/canonical-url.js';
import { textKey } from '../dist/ml/text-key.js';

/**
 * What each baseline learns from: files below the data folder, packed or not, each with its licence. With `every` only
 * one in so many of the bare domains is taken: campaigns of thousands teach little that hundreds of them do not. With
 * `sourceColumn` a collection of collections is pushed as so many files, each under the licence that its rows name.
 */
const recipes = {
  'network-flow': [
    'iot23/CTU-Honeypot-Capture-5-1-labeled.csv',
    'iot23/CTU-Honeypot-Capture-7-1-labeled.csv',
    'iot23/CTU-Malware-Capture-20-1-labeled.csv',
    'iot23/CTU-Malware-Capture-34-1-labeled.csv',
    'iot23/CTU-Malware-Capture-42-1-labeled.csv',
    'iot23/CTU-Malware-Capture-8-1-labeled.csv',
  ].map((file) => ({ file, licence: 'CC BY 4.0' })),
  url: [
    { file: 'urls/hannousse-2021.csv', licence: 'CC BY 4.0' },
    { file: 'urls/phishing-database-2025.csv.gz', licence: 'MIT', every: 10 },
    { file: 'urls/benign-licensed.csv.gz', sourceColumn: 'source', licenceColumn: 'licence' },
  ],
};

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options, positionals } = parseArgs({
  options: { data: { type: 'string', default: join('..', 'shared', 'data') } },
  allowPositionals: true,
});
const chosen = positionals.length > 0 ? positionals : Object.keys(recipes);
const unknown = chosen.filter((detector) => !Object.hasOwn(recipes, detector));
if (unknown.length > 0) fail(`no baseline is made for ${unknown}; there are ${Object.keys(recipes)}`);
const missing = chosen
  .flatMap((detector) => recipes[detector])
  .map(({ file }) => resolve(root, options.data, file))
  .filter((file) => !existsSync(file));
if (missing.length > 0) fail(`not there: ${missing.join(', ')}. Name their folder with --data.`);

for (const detector of chosen) await build(detector);

async function build(detector) {
  const folder = mkdtempSync(join(tmpdir(), 'netwarden-models-'));
  const env = {
    ...process.env,
    DATA_DIR: folder,
    ENGINE_DIR: join(root, '.data', 'engine'),
    BOOTSTRAP: 'off',
  };
  delete env.MONGODB_URI;
  const run = (...args) => netwarden(args, env);
  const out = join(root, 'models', detector);
  mkdirSync(out, { recursive: true });
  try {
    const files = recipes[detector].flatMap((part) => filesOf(part, folder));
    for (const { file, licence } of files) await run('data', 'push', detector, file, '--licence', licence);
    await run('train', detector, '--promote', 'force');
    const bundle = join(out, `${detector}.bundle`);
    rmSync(bundle, { force: true });
    await run('models', 'export', detector, '1', bundle);
    await run('models', 'card', detector, '--format', 'markdown', '--out', join(out, 'model-card.md'));
    if (detector === 'url') writeFileSync(join(out, 'trained-domains.bin'), domainKeys(files));
    console.log(`${bundle}: ${(statSync(bundle).size / 1e6).toFixed(2)} MB`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files that a part of a recipe is pushed as: its own, or ones made of its rows in the folder. */
function filesOf({ file, licence, every, sourceColumn, licenceColumn }, folder) {
  const whole = resolve(root, options.data, file);
  if (!every && !sourceColumn) return [{ file: whole, licence }];
  const bytes = readFileSync(whole);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  const { data } = Papa.parse(text, { header: true, skipEmptyLines: true });
  const name = basename(file).replace(/\.csv(\.gz)?$/, '');
  const parts = new Map();
  let domains = 0;
  for (const row of data) {
    if (every && row.kind === 'domain' && domains++ % every !== 0) continue;
    const part = sourceColumn ? row[sourceColumn] : name;
    if (!parts.has(part)) parts.set(part, { licence: licence ?? row[licenceColumn], rows: [] });
    parts.get(part).rows.push({ url: row.url, label: row.label });
  }
  return [...parts].map(([part, { licence, rows }]) => {
    const made = join(folder, `${part}.csv`);
    writeFileSync(made, Papa.unparse(rows));
    return { file: made, licence };
  });
}

/** 32 bits of the key of each registered domain in the files, rising: what acceptance lists must not hold. */
function domainKeys(files) {
  const keys = new Set();
  for (const { file } of files) {
    for (const { url } of Papa.parse(readFileSync(file, 'utf8'), { header: true, skipEmptyLines: true })
      .data) {
      const address = parseUrl(url ?? '');
      if (!isUrlFault(address)) keys.add(textKey(address.registeredDomain) % 2 ** 32);
    }
  }
  return Uint32Array.from(keys).sort();
}

/** Runs one command and shows what it prints. @throws when it fails */
function netwarden(args, env) {
  console.log(`> netwarden ${args.join(' ')}`);
  const child = spawn(process.execPath, [join(root, 'dist', 'cli.js'), ...args], { env, stdio: 'inherit' });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => (code === 0 ? done() : failed(new Error(`exit code ${code}`))));
  });
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
