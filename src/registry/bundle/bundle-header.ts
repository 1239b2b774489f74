import { z } from 'zod';
import { contractSchema } from '../../detector/contract.js';
import { type MetricName, metricNames } from '../../ml/metrics.js';

const numbers = z.array(z.number());
const measured = z.number().nullable();

const summary = {
  name: z.string(),
  rows: z.number(),
  missing: z.number(),
  mean: measured,
  std: measured,
  min: measured,
  max: measured,
  counts: numbers,
};
const columnProfile = z.discriminatedUnion('kind', [
  z.object({ ...summary, kind: z.literal('categorical'), ordered: z.boolean(), values: numbers }),
  z.object({ ...summary, kind: z.literal('numeric'), edges: numbers }),
]);

/** Metrics that bundles of earlier programs do not have. */
const later: ReadonlySet<MetricName> = new Set<MetricName>(['recallAtFpr001']);

const metrics = z.object({
  ...Object.fromEntries(metricNames.map((name) => [name, later.has(name) ? measured.optional() : measured])),
  rows: z.number(),
  confusion: z.object({ tp: z.number(), fp: z.number(), tn: z.number(), fn: z.number() }),
});

/**
 * All of a bundle but its models, as its file has it in JSON. What preprocessor and calibrator hold is checked by
 * the code that loads them.
 */
export const bundleHeaderSchema = z.object({
  contract: contractSchema,
  candidate: z.string(),
  preprocessor: z.object({}),
  calibrator: z.object({}),
  thresholds: z.object({ suspicious: z.number(), malicious: z.number() }),
  reference: z.object({
    rows: z.number(),
    columns: z.array(columnProfile),
    label: columnProfile.nullable(),
  }),
  metrics: z.object({ validation: metrics, test: metrics }),
  selfTest: z.object({
    rows: z.array(z.array(z.number().nullable())),
    ngrams: z.object({ buckets: z.number(), rows: z.array(numbers) }).optional(),
    probabilities: numbers,
    novelty: numbers.optional(),
  }),
  trainedOn: z.string().optional(),
  testFrom: z.number().optional(),
  novelty: z
    .object({
      rows: z.number(),
      quantiles: numbers,
      /** Of the isolation forest's file, the last in the bundle. */
      bytes: z.number().int().min(1),
    })
    .optional(),
});
