/** The data sets of the training bench, each as training and test part: `{ name, train: { x, y }, test: { x, y } }`. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Matrix } from '../../dist/ml/matrix.js';
import { Random } from '../../dist/ml/random.js';
import { stableHoldout } from '../../dist/ml/stable-holdout.js';

export const dataSets = { uci, nsl, synth };

/** Phishing websites, a fifth of the feature vectors held out. */
function uci() {
  const { x, y } = phishingWebsites();
  return { name: 'uci', ...parts(x, y, stableHoldout(x, { share: 0.2, seed: 1 })) };
}

/** Phishing websites as bundled, whole. */
export function phishingWebsites() {
  const lines = readFileSync(resolve('data/phishing-websites.csv'), 'utf8').trim().split(/\r?\n/).slice(1);
  const rows = lines.map((line) => line.split(',').map(Number));
  const y = Uint8Array.from(rows, (row) => (row.at(-1) === -1 ? 1 : 0));
  return { x: Matrix.fromRows(rows.map((row) => row.slice(0, -1))), y };
}

/** NSL-KDD's KDDTrain+, its three text columns one-hot: 122 columns; null where the file is not at hand. */
function nsl() {
  const table = readNsl();
  if (!table) return null;
  const { rows, texts } = table;
  const columns = [...rows[0].keys()].flatMap((j) => texts.get(j)?.map((text) => [j, text]) ?? [[j, null]]);
  const x = new Matrix(rows.length, columns.length);
  columns.forEach(([j, text], k) => {
    const column = x.column(k);
    rows.forEach((row, i) => (column[i] = text === null ? Number(row[j]) : +(row[j] === text)));
  });
  return { name: 'nsl', ...parts(x, table.y, fifth(rows.length)) };
}

/** The same with its text columns as category codes: 41 columns, `categorical` says which. */
export function nslCategories() {
  const table = readNsl();
  if (!table) return null;
  const { rows, texts } = table;
  const x = new Matrix(rows.length, rows[0].length);
  rows[0].forEach((_, j) => {
    const codes = texts.get(j);
    const column = x.column(j);
    rows.forEach((row, i) => (column[i] = codes ? codes.indexOf(row[j]) : Number(row[j])));
  });
  return { name: 'nsl', ...parts(x, table.y, fifth(rows.length)), categorical: [...texts.keys()] };
}

function readNsl() {
  const file = resolve('../shared/data/nsl-kdd/KDDTrain+.txt');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  const cells = lines.map((line) => line.split(','));
  const rows = cells.map((row) => row.slice(0, 41));
  const texts = new Map([1, 2, 3].map((j) => [j, [...new Set(rows.map((row) => row[j]))].sort()]));
  return { rows, texts, y: Uint8Array.from(cells, (row) => +(row[41] !== 'normal')) };
}

/** Normal columns, a linear part, a sine, a product and noise. */
function synth() {
  return synthetic(100_000, 25_000);
}

/** The same of any size. */
export function synthetic(trainRows, testRows, columns = 40) {
  const random = new Random(1);
  const rows = trainRows + testRows;
  const x = new Matrix(rows, columns);
  for (let i = 0; i < x.data.length; i++) x.data[i] = normal(random);
  const weights = Array.from({ length: columns }, () => 0.4 * normal(random));
  const [a, b, c] = [0, 1, 2].map((j) => x.column(j));
  const y = Uint8Array.from({ length: rows }, (_, i) => {
    const linear = weights.reduce((sum, weight, j) => sum + weight * x.at(i, j), 0);
    return +(linear + 2 * Math.sin(3 * a[i]) + b[i] * c[i] + normal(random) > 0);
  });
  const range = (from, to) => Int32Array.from({ length: to - from }, (_, i) => from + i);
  return { name: 'synth', ...parts(x, y, { train: range(0, trainRows), test: range(trainRows, rows) }) };
}

/** Box and Muller 1958. */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}

function fifth(rows) {
  const random = new Random(0);
  const test = Uint8Array.from({ length: rows }, () => +(random.float() < 0.2));
  const where = (side) => Int32Array.from([...test.keys()].filter((i) => test[i] === side));
  return { train: where(0), test: where(1) };
}

function parts(x, y, { train, test }) {
  const part = (rows) => ({ x: x.take(rows), y: Uint8Array.from(rows, (i) => y[i]) });
  return { train: part(train), test: part(test) };
}
