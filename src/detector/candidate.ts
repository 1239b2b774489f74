import { z } from 'zod';
import { createLearner } from '../ml/factory.js';
import { categoryLearners, learnerNames, type LearnerOptions } from '../ml/learner.js';
import { probesOf } from '../ml/search/space.js';

const optionValue = z.union([z.number(), z.string(), z.boolean(), z.null()]);
const range = z.strictObject({
  low: z.number(),
  high: z.number(),
  /** Draws the logarithm evenly: for options that count by factors. */
  log: z.boolean().default(false),
  /** Whole numbers only. */
  integer: z.boolean().default(false),
});

const dimension = z.union(
  [z.array(optionValue).min(1).max(1000), range],
  'must be a list of values, or a range of low and high, with log and integer if need be',
);

/** One learner with its preprocessing and options, as a contract names it. */
export const candidateSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower case letters, digits and hyphens'),
    learner: z.enum(learnerNames),
    imputer: z.enum(['none', 'median', 'most-frequent', 'knn']),
    /** How learners get categories: as numbers, as a 0/1 column a value, or as what they are. */
    encoder: z.enum(['ordinal', 'one-hot', 'native']),
    /** Tried as they are in every run; a search starts from them. */
    options: z.record(z.string(), optionValue).default({}),
    /** What a search may put in the place of an option: a list of values or a range. */
    space: z.record(z.string(), dimension).default({}),
    /** Runs only when a training run names it. */
    optional: z.boolean().default(false),
  })
  .superRefine(({ learner, encoder, options, space }, context) => {
    if (encoder === 'native' && !categoryLearners.includes(learner)) {
      const message = `native is for ${categoryLearners.join(', ')}: ${learner} takes numbers alone`;
      context.addIssue({ code: 'custom', path: ['encoder'], message });
    }
    const refusal = (changes: LearnerOptions): string | null =>
      refusalOf(learner, { ...options, ...changes });
    const plain = refusal({});
    if (plain !== null) {
      context.addIssue({ code: 'custom', path: ['options'], message: plain });
      return;
    }
    for (const [name, searched] of Object.entries(space)) {
      const message =
        rangeFault(searched) ??
        probesOf(searched)
          .map((value) => refusal({ [name]: value }))
          .find((found) => found !== null);
      if (message) context.addIssue({ code: 'custom', path: ['space', name], message });
    }
  });

/** Why numbers cannot be drawn from a range; null where they can, and for lists. */
function rangeFault(searched: z.infer<typeof dimension>): string | null {
  if (Array.isArray(searched)) return null;
  const { low, high, log, integer } = searched;
  if (low >= high) return 'low must be below high';
  if (log && low <= 0) return 'low must be above 0 where log is true';
  if (integer && ![low, high].every(Number.isInteger)) {
    return 'low and high must be whole numbers where integer is true';
  }
  return null;
}

/** Why a learner does not take these options; null where it does. */
function refusalOf(learner: (typeof learnerNames)[number], options: LearnerOptions): string | null {
  try {
    createLearner(learner, options);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

export const searchMethods = ['none', 'random', 'halving'] as const;
export type SearchMethod = (typeof searchMethods)[number];

/** The most that a search may be allowed: so many fits, or a day. */
export const mostFits = 10_000;
export const mostSeconds = 86_400;

/** How a training run looks for better options in its candidates' spaces, by default. */
export const searchSchema = z.strictObject({
  method: z.enum(searchMethods).default('none'),
  /** Fits that it may take, all candidates together; the plain options' are not counted. */
  maxFits: z.number().int().min(1).max(mostFits).default(60),
  /** It is cut short after so long; null for never. */
  maxSeconds: z.number().positive().max(mostSeconds).nullable().default(null),
  /** Halving: one trial in so many goes on. */
  factor: z.number().int().min(2).max(10).default(3),
  /** Halving: fewest rows that a trial is fitted on. */
  minResources: z.number().int().min(20).default(2000),
});

export type Candidate = z.infer<typeof candidateSchema>;
export type SearchOptions = z.infer<typeof searchSchema>;
