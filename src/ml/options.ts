import type { LearnerOptions } from './learner.js';

type OptionValue = LearnerOptions[string];

/** One kind of value an option takes, with the words for it in an error. */
export interface OptionKind<V extends OptionValue> {
  readonly allowed: string;
  readonly accepts: (value: OptionValue) => value is V;
}

export interface OptionRule<V extends OptionValue> {
  readonly default: V;
  readonly kinds: readonly OptionKind<V>[];
}

/** A learner's options: names, defaults and what each may be. */
export type OptionTable = Readonly<Record<string, OptionRule<OptionValue>>>;
export type OptionsOf<T extends OptionTable> = {
  readonly [K in keyof T]: T[K] extends OptionRule<infer V> ? V : never;
};

/** An option with its default, taking a value of any of `kinds`. */
export function option<V extends OptionValue>(value: NoInfer<V>, ...kinds: OptionKind<V>[]): OptionRule<V> {
  return { default: value, kinds };
}

/** Whole numbers from `min` to `max`, both included. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): OptionKind<number> {
  const upTo = max === Number.MAX_SAFE_INTEGER ? ' or more' : ` to ${max}`;
  return {
    allowed: `a whole number, ${min}${upTo}`,
    accepts: (value): value is number =>
      Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  };
}

/** Finite numbers strictly between `min` and `max`. */
export function between(min: number, max = Infinity): OptionKind<number> {
  return {
    allowed: max === Infinity ? `a number above ${min}` : `a number between ${min} and ${max}`,
    accepts: (value): value is number => Number.isFinite(value) && Number(value) > min && Number(value) < max,
  };
}

export function oneOf<const V extends string | boolean | null>(...values: V[]): OptionKind<V> {
  return {
    allowed: values.map((value) => JSON.stringify(value)).join(' or '),
    accepts: (value): value is V => values.some((one) => one === value),
  };
}

/**
 * The given options checked against the table, with the defaults filled in.
 * @throws RangeError naming the learner, the option and what is allowed
 */
export function readOptions<T extends OptionTable>(
  learner: string,
  table: T,
  given: LearnerOptions,
): OptionsOf<T> {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(table, name)) {
      const known = Object.keys(table).join(', ');
      throw new RangeError(`${learner}: there is no option ${JSON.stringify(name)}; there are ${known}`);
    }
    const { kinds } = table[name];
    if (!kinds.some((kind) => kind.accepts(value))) {
      const allowed = kinds.map((kind) => kind.allowed).join(' or ');
      throw new RangeError(`${learner}: ${name} must be ${allowed}, got ${JSON.stringify(value)}`);
    }
  }
  const defaults = Object.fromEntries(Object.entries(table).map(([name, rule]) => [name, rule.default]));
  return { ...defaults, ...given } as OptionsOf<T>;
}
