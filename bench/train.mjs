/**
 * Fits this project's forest and gradient boosting beside scikit-learn, LightGBM and XGBoost, on the same rows,
 * taking turns, and prints ratios; then memory, growth and cross-validation of the shipped candidates.
 *
 *   npm run bench:train -- [--data uci,nsl,synth] [--repeats 3] [--parts fit,memory,growth,uci] [--json]
 *
 * Minimum of the repeats, five times as many for uci, where a fit takes a fraction of a second. Two threads on both sides. Without Python the peers' columns stay empty.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { createLearner } from '../dist/ml/factory.js';
import { evaluate, rocAuc } from '../dist/ml/metrics.js';
import { ThreadTeam } from '../dist/ml/parallel/thread-team.js';
import { groupedFolds, groupsOf } from '../dist/ml/splits.js';
import { dataSets, nslCategories, phishingWebsites, synthetic } from './train/data-sets.mjs';
import { startPeers } from './train/peers.mjs';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: 'uci,nsl,synth' },
    repeats: { type: 'string', default: '3' },
    parts: { type: 'string', default: 'fit,memory,growth,uci' },
    json: { type: 'boolean', default: false },
    measure: { type: 'string' },
  },
});
const threads = 2;
const boostedPeers = ['HistGradientBoosting', 'LightGBM', 'XGBoost'];
const learners = {
  forest: ['random-forest', { nEstimators: 100 }],
  boosting: ['gradient-boosting', { maxIter: 300 }],
};

if (options.measure) measurePeak(options.measure);
else await main();

async function main() {
  const wanted = options.parts.split(',');
  const results = {};
  const team = new ThreadTeam(threads);
  try {
    if (wanted.includes('fit')) results.fit = await fits(team);
    if (wanted.includes('memory')) results.memory = memory();
    if (wanted.includes('growth')) results.growth = growth(team);
    if (wanted.includes('uci')) results.uci = candidates(team);
  } finally {
    await team.close();
  }
  if (options.json) console.log(JSON.stringify(results, null, 2));
}

/** One table a data set: seconds, rows a second, area, and the ratios to the peers. */
async function fits(team) {
  const peers = await startPeers();
  const results = [];
  for (const name of options.data.split(',')) {
    const set = dataSets[name]();
    if (!set) say(`${name}: its file is not at hand, left out`);
    else results.push(await fitsOf(set, team, peers));
  }
  peers?.stop();
  return { peers: peers?.versions ?? null, sets: results };
}

async function fitsOf(set, team, peers) {
  await peers?.load(set);
  const runs = {
    forest: () => fitOnce(set, 'forest', team),
    boosting: () => fitOnce(set, 'boosting', team),
  };
  if (set.name === 'nsl') {
    const native = nslCategories();
    runs['boosting, native categories'] = () => fitOnce(native, 'boosting', team);
  }
  for (const peer of peers ? ['scikit-learn forest', ...boostedPeers] : [])
    runs[peer] = () => peers.fit(peer);

  const best = {};
  const repeats = Number(options.repeats) * (set.name === 'uci' ? 5 : 1);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [name, run] of Object.entries(runs)) best[name] = better(best[name], await run());
  }
  const { rows, columns } = set.train.x;
  say(`\n${set.name}: ${rows} x ${columns} fitted, ${set.test.x.rows} rows predicted, ${threads} threads`);
  table(
    Object.entries(best).map(([learner, { fit, predict, auc }]) => ({
      learner,
      'fit s': fit.toFixed(3),
      'rows/s': Math.round(predict),
      'ROC AUC': auc.toFixed(4),
    })),
  );
  const ratios = peers ? ratiosOf(best) : null;
  if (ratios) table(ratios);
  return { data: set.name, rows, columns, best, ratios };
}

function ratiosOf(best) {
  const quickest = boostedPeers.reduce((a, b) => (best[b].fit < best[a].fit ? b : a));
  const strongest = boostedPeers.reduce((a, b) => (best[b].auc > best[a].auc ? b : a));
  const sk = best['scikit-learn forest'];
  const line = (what, value, wanted, met) => ({ what, measured: value, wanted, met: met ? 'yes' : 'no' });
  const atMost = (what, value, limit) => line(what, value.toFixed(2), `<= ${limit}`, value <= limit);
  const atLeast = (what, value, limit) => line(what, value.toFixed(2), `>= ${limit}`, value >= limit);
  const lost = (what, value, limit) => line(what, value.toFixed(4), `<= ${limit}`, value <= limit);
  const lines = [
    atMost("forest's fit / scikit-learn's", best.forest.fit / sk.fit, 0.5),
    lost("area below scikit-learn's", sk.auc - best.forest.auc, 0.001),
    atLeast("forest's rows/s / scikit-learn's", best.forest.predict / sk.predict, 2),
  ];
  for (const name of Object.keys(best).filter((name) => name.startsWith('boosting'))) {
    lines.push(
      atMost(`${name}: fit / ${quickest}'s`, best[name].fit / best[quickest].fit, 1),
      lost(`${name}: area below ${strongest}'s`, best[strongest].auc - best[name].auc, 0.002),
      atLeast(`${name}: rows/s / XGBoost's`, best[name].predict / best.XGBoost.predict, 1),
    );
  }
  return lines;
}

function fitOnce({ train, test, categorical }, name, team) {
  const start = performance.now();
  const model = create(name).fit(train.x, train.y, { seed: 0, team, categorical });
  const fit = (performance.now() - start) / 1000;
  let predict = 0;
  let p;
  for (let i = 0; i < 3; i++) {
    const from = performance.now();
    p = model.predict(test.x, team);
    predict = Math.max(predict, (1000 * test.x.rows) / (performance.now() - from));
  }
  return { fit, predict, auc: rocAuc(test.y, p) };
}

function better(a, b) {
  if (!a) return b;
  return { fit: Math.min(a.fit, b.fit), predict: Math.max(a.predict, b.predict), auc: b.auc };
}

/** Peak of a whole process that makes the data and fits on it. */
function memory() {
  const results = Object.keys(learners).map((learner) => {
    const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--measure', learner]);
    if (child.status !== 0) throw new Error(String(child.stderr));
    return { learner, ...JSON.parse(String(child.stdout)) };
  });
  say('\nPeak of the process while fitting 100,000 x 40, wanted: at most 400 MB');
  table(
    results.map(({ learner, before, peak }) => ({ learner, 'data alone, MB': before, 'peak, MB': peak })),
  );
  return results;
}

function measurePeak(name) {
  const { train } = synthetic(100_000, 1);
  const team = new ThreadTeam(threads);
  const megabytes = () => Math.round(process.resourceUsage().maxRSS / 1024);
  const before = megabytes();
  create(name).fit(train.x, train.y, { seed: 0, team });
  console.log(JSON.stringify({ before, peak: megabytes() }));
  void team.close();
}

/** Seconds from 25,000 to 400,000 rows of 40 columns, beside what growing with the rows would take. */
function growth(team) {
  const sizes = [25_000, 100_000, 400_000];
  const results = Object.keys(learners).map((learner) => {
    const seconds = sizes.map((rows) => fitOnce(synthetic(rows, 100), learner, team).fit);
    return { learner, sizes, seconds, overLinear: seconds[2] / seconds[0] / (sizes[2] / sizes[0]) };
  });
  say('\nGrowth of the fit from 25,000 to 400,000 rows, wanted: at most 1.3 x linear');
  table(
    results.map(({ learner, seconds, overLinear }) => ({
      learner,
      ...Object.fromEntries(sizes.map((rows, i) => [`${rows} rows, s`, seconds[i].toFixed(1)])),
      'x linear': overLinear.toFixed(2),
    })),
  );
  return results;
}

/** The shipped contract's tree candidates, 10 folds grouped by feature vector, three ways to cut the folds. */
function candidates(team) {
  const { x, y } = phishingWebsites();
  const groups = groupsOf(x);
  const contract = parse(readFileSync('schema/phishing-website.yaml', 'utf8'));
  const tried = contract.candidates.filter(
    ({ encoder, imputer }) => encoder === 'ordinal' && imputer === 'none',
  );
  const results = tried.map(({ name, learner, options: given }) => {
    const seeds = [1, 2, 3].map((seed) => {
      const parts = groupedFolds(y, groups, { folds: 10, seed });
      return crossValidate(createLearner(learner, given ?? {}), x, y, parts, team);
    });
    return { name, rocAuc: seeds.map(([auc]) => auc), accuracy: seeds.map(([, accuracy]) => accuracy) };
  });
  say('\nUCI, 10 folds grouped by feature vector, means for three fold seeds; wanted: .994 and .959');
  table(
    results.map(({ name, rocAuc: areas, accuracy }) => ({
      candidate: name,
      'ROC AUC': areas.map((value) => value.toFixed(4)).join(' '),
      accuracy: accuracy.map((value) => value.toFixed(4)).join(' '),
    })),
  );
  return results;
}

function crossValidate(learner, x, y, parts, team) {
  const labelsOf = (rows) => Uint8Array.from(rows, (i) => y[i]);
  const folds = parts.map((held, k) => {
    const rows = Int32Array.from(parts.flatMap((part, other) => (other === k ? [] : [...part])));
    const model = learner.fit(x.take(rows), labelsOf(rows), { seed: 7, team });
    return evaluate(labelsOf(held), model.predict(x.take(held)), 0.5);
  });
  return ['rocAuc', 'accuracy'].map(
    (name) => folds.reduce((sum, fold) => sum + fold[name], 0) / parts.length,
  );
}

function create(name) {
  return createLearner(...learners[name]);
}

function say(text) {
  if (!options.json) console.log(text);
}

function table(rows) {
  if (!options.json) console.table(rows);
}
