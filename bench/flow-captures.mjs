/**
 * How well flows of a capture are scored by what other captures taught: IoT-23, one capture left out at a time, with the
 * window features and without, and with each flow of the capture scored as if it had come alone.
 *
 *   npm run build && node bench/flow-captures.mjs [--data ../shared/data] [--candidate random-forest] [--seeds 1,2,3] [--json]
 *
 * Only captures with both classes are measured; all others are learned from.
 */
import { createReadStream, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadContracts } from '../dist/detector/contracts.service.js';
import { windowFeatureNames } from '../dist/detector/flow/flow-features.js';
import { kindOf } from '../dist/detector/kinds.js';
import { isFaulty, openContractRows } from '../dist/ingestion/contract-rows.js';
import { openFlowRows } from '../dist/ingestion/readers/flow/flow-rows-reader.js';
import { createLearner } from '../dist/ml/factory.js';
import { Matrix } from '../dist/ml/matrix.js';
import { evaluate } from '../dist/ml/metrics.js';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: join('..', 'shared', 'data') },
    candidate: { type: 'string', default: 'random-forest' },
    seeds: { type: 'string', default: '1,2,3' },
    json: { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(root, options.data, 'iot23');
const contract = loadContracts(join(root, 'schema')).get('network-flow');
const candidate = contract.candidates.find(({ name }) => name === options.candidate);
if (!candidate) throw new Error(`the contract has no candidate '${options.candidate}'`);
const seeds = options.seeds.split(',').map(Number);

const captures = [];
for (const file of readdirSync(folder).sort()) captures.push(await readCapture(file));
const windowed = new Set(windowFeatureNames);
const all = contract.features.map((_, j) => j);
const ofFlow = all.filter((j) => !windowed.has(contract.features[j].name));

const results = [];
for (const capture of captures.filter(({ y }) => y.includes(0) && y.includes(1))) {
  const others = captures.filter((other) => other !== capture);
  const withWindows = seeds.map((seed) => fit(others, all, seed));
  const without = seeds.map((seed) => fit(others, ofFlow, seed));
  results.push({
    capture: capture.name,
    flows: capture.y.length,
    threats: capture.y.reduce((sum, label) => sum + label, 0),
    withWindows: mean(withWindows.map((model) => rocAuc(model, capture.x, all, capture.y))),
    without: mean(without.map((model) => rocAuc(model, capture.x, ofFlow, capture.y))),
    alone: mean(withWindows.map((model) => rocAuc(model, capture.alone, all, capture.y))),
  });
}
const measures = ['withWindows', 'without', 'alone'];
const means = Object.fromEntries(measures.map((key) => [key, mean(results.map((row) => row[key]))]));
if (options.json) console.log(JSON.stringify({ candidate: candidate.name, seeds, results, means }, null, 2));
else console.table([...results, { capture: 'mean', ...means }].map(rounded));

async function readCapture(file) {
  const columns = { label: contract.label.column, capture: contract.group.column };
  const reader = await openFlowRows(createReadStream(join(folder, file)), { columns, capture: file });
  const rows = kindOf(contract).featurizer();
  const training = kindOf(contract).featurizer();
  const alone = [];
  const y = [];
  for await (const { parsed } of await openContractRows(reader, contract, {
    label: 'required',
    ignoreColumns: [],
  })) {
    if (isFaulty(parsed)) continue;
    rows.add(parsed.item.values);
    training.add(parsed.item.values);
    const single = kindOf(contract).featurizer();
    single.add(parsed.item.values);
    alone.push([...(await single.finish()).row(0)]);
    y.push(parsed.label);
  }
  return {
    name: file.replace(/^CTU-|-labeled\.csv$/g, ''),
    x: await rows.finish(),
    training: await training.finish({ training: true }),
    alone: Matrix.fromRows(alone),
    y: Uint8Array.from(y),
  };
}

function fit(others, columns, seed) {
  const x = Matrix.fromRows(others.flatMap(({ training }) => rowsOf(training, columns)));
  const y = Uint8Array.from(others.flatMap((other) => [...other.y]));
  return createLearner(candidate.learner, candidate.options).fit(x, y, { seed });
}

function rocAuc(model, x, columns, y) {
  return evaluate(y, model.predict(Matrix.fromRows(rowsOf(x, columns))), 0.5).rocAuc;
}

function rowsOf(x, columns) {
  const chosen = columns.map((j) => x.column(j));
  return Array.from({ length: x.rows }, (_, i) => chosen.map((column) => column[i]));
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(row) {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, measures.includes(key) ? value.toFixed(4) : value]),
  );
}
