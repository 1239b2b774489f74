import fc from 'fast-check';
import { type Model, type ModelState, ModelStateError, type StateArray } from '../learner.js';
import { smallModels, smallRows } from './fixtures/small-models.js';
import { seal } from './envelope.js';
import { decodeModel, encodeModel, encodeModelState } from './model-codec.js';

const probes = smallRows.take([0, 1, 2]);
const settings = { seed: 11, numRuns: 120, interruptAfterTimeLimit: 2000, endOnFailure: true };
const fileKind = { magic: 'NWMODL', version: 1, name: 'model' };

/** Numbers at the edges of what types and formulas take. */
const edges = [NaN, Infinity, -Infinity, -0, 0, -1, 1, 2, 0.5, 255, 2 ** 31 - 1, 2 ** 32 - 1, 1e308, 5e-324];
const oddities = [
  ...edges,
  null,
  '',
  '__proto__',
  true,
  [],
  {},
  [[[]]],
  [null, 1],
  { length: 1e9 },
  'uniform',
];

/** True where the model was refused; otherwise all that it says must be finite. */
function isRefused(load: () => Model): boolean {
  let model: Model;
  try {
    model = load();
  } catch (error) {
    if (error instanceof ModelStateError) return true;
    throw error;
  }
  // No matrix fits it, so it can say nothing.
  if (model.columns !== probes.columns) return false;
  const probabilities = model.predict(probes);
  expect(probabilities).toHaveLength(probes.rows);
  expect(probabilities.every((p) => p >= 0 && p <= 1)).toBe(true);
  for (let i = 0; i < probes.rows; i++) {
    const { base, values } = model.explain(probes.row(i), probes.sparse!.row(i));
    expect(values).toHaveLength(probes.columns);
    expect([base, ...values].every(Number.isFinite)).toBe(true);
  }
  return false;
}

const change = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'insert', 'splice'),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  to: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(file: Buffer, { kind, at, to, bytes }: Change): Buffer {
  const from = Math.floor(at * file.length);
  const source = Math.floor(to * file.length);
  const [before, after] = [file.subarray(0, from), file.subarray(from)];
  switch (kind) {
    case 'flip':
      return Buffer.concat([before, Buffer.of(after[0] ^ (bytes[0] || 1)), after.subarray(1)]);
    case 'cut':
      return before;
    case 'insert':
      return Buffer.concat([before, bytes, after]);
    case 'splice':
      return Buffer.concat([before, file.subarray(source)]);
  }
}

const edit = fc.record({
  array: fc.nat(),
  kind: fc.constantFrom('set', 'set', 'set', 'copy', 'copy', 'shorten', 'drop', 'retype'),
  at: fc.nat(),
  from: fc.nat(),
  value: fc.constantFrom(...edges),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function edited(state: ModelState, { array, kind, at, from, value }: Edit): ModelState {
  const names = Object.keys(state.arrays);
  const name = names[array % names.length];
  const { [name]: old, ...others } = state.arrays;
  if (kind === 'drop') return { ...state, arrays: others };
  let copy: StateArray = old.slice();
  if (kind === 'set') copy[at % copy.length] = value;
  if (kind === 'copy') copy[at % copy.length] = copy[from % copy.length];
  if (kind === 'shorten') copy = copy.slice(0, at % (copy.length + 1));
  if (kind === 'retype') copy = Float32Array.from(copy);
  return { ...state, arrays: { ...others, [name]: copy } };
}

describe.each(smallModels.map((model) => [model.learner, model] as const))('the bytes of %s', (_, model) => {
  const file = encodeModel(model);
  const state = model.toState();

  it('say what the model says', () => {
    const again = decodeModel(file);
    expect(again.toState()).toEqual(state);
    expect(again.predict(smallRows)).toEqual(model.predict(smallRows));
    expect(again.explain(probes.row(1), probes.sparse!.row(1))).toEqual(
      model.explain(probes.row(1), probes.sparse!.row(1)),
    );
  });

  it('are refused wherever they are damaged', () => {
    const damaged = fc.property(change, (one) => {
      const bytes = changed(file, one);
      return bytes.equals(file) || isRefused(() => decodeModel(bytes));
    });
    fc.assert(damaged, settings);
  });

  it('are refused or make a model, damaged under a new digest', () => {
    const content = file.subarray(8, -32);
    const resealed = fc.property(change, (one) => {
      isRefused(() => decodeModel(seal(fileKind, changed(content, one))));
    });
    fc.assert(resealed, settings);
  });

  it('are refused or make a model, written of other numbers', () => {
    let refused = 0;
    const rewritten = fc.property(edit, fc.option(edit), (first, second) => {
      const once = edited(state, first);
      const twice = second && Object.keys(once.arrays).length > 0 ? edited(once, second) : once;
      if (isRefused(() => decodeModel(encodeModelState(twice)))) refused++;
    });
    fc.assert(rewritten, settings);
    expect(refused).toBeGreaterThan(10);
  });

  it.each([...Object.keys(state.meta), '__proto__', 'more'])(
    'are refused or make a model, with odd %s',
    (name) => {
      for (const value of oddities) {
        const meta = Object.fromEntries([...Object.entries(state.meta), [name, value]]);
        isRefused(() => decodeModel(encodeModelState({ ...state, meta })));
      }
    },
  );
});
