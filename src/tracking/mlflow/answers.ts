import { z } from 'zod';

// Servers leave empty lists, empty maps and unset fields out of their answers, and add fields with each version.

const keyValue = z.object({ key: z.string(), value: z.string().default('') });
const tags = z.array(keyValue).default([]);

export const nothing = z.unknown();

export const experimentAnswer = z.object({
  experiment: z.object({ experiment_id: z.string(), name: z.string(), lifecycle_stage: z.string() }),
});

const runInfo = z.object({
  run_id: z.string(),
  run_name: z.string().default(''),
  experiment_id: z.string(),
  status: z.string(),
  start_time: z.number().optional(),
  end_time: z.number().optional(),
  artifact_uri: z.string(),
});

export const mlflowRun = z.object({
  info: runInfo,
  data: z
    .object({
      params: z.array(keyValue).default([]),
      tags,
      // NaN and infinities come as strings.
      metrics: z
        .array(
          z.object({
            key: z.string(),
            value: z.union([z.number(), z.string()]),
            step: z.number().default(0),
          }),
        )
        .default([]),
    })
    .prefault({}),
  inputs: z
    .object({
      dataset_inputs: z
        .array(z.object({ tags, dataset: z.object({ name: z.string(), digest: z.string().default('') }) }))
        .default([]),
    })
    .prefault({}),
});
export type MlflowRun = z.infer<typeof mlflowRun>;

export const runAnswer = z.object({ run: mlflowRun });
export const runsAnswer = z.object({
  runs: z.array(mlflowRun).default([]),
  next_page_token: z.string().optional(),
});

const artifact = z.object({
  path: z.string(),
  is_dir: z.boolean().default(false),
  // Some servers write 64-bit numbers as strings.
  file_size: z.coerce.number().default(0),
});
export type MlflowArtifact = z.infer<typeof artifact>;
export const artifactsAnswer = z.object({
  root_uri: z.string().optional(),
  files: z.array(artifact).default([]),
});

export const mlflowVersion = z.object({
  name: z.string(),
  version: z.coerce.string(),
  source: z.string().default(''),
  run_id: z.string().default(''),
  tags,
});
export type MlflowVersion = z.infer<typeof mlflowVersion>;
export const versionAnswer = z.object({ model_version: mlflowVersion });
export const versionsAnswer = z.object({ model_versions: z.array(mlflowVersion).default([]) });

const loggedModel = z.object({
  info: z.object({
    model_id: z.string(),
    artifact_uri: z.string(),
    /** `LOGGED_MODEL_READY` and others. */
    status: z.string(),
  }),
});
export type LoggedModel = z.infer<typeof loggedModel>;
export const loggedModelAnswer = z.object({ model: loggedModel });
export const loggedModelsAnswer = z.object({ models: z.array(loggedModel).default([]) });
