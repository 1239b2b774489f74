import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { parseMongoAddress, secretsOf } from './mongo-address.js';
import { projectRoot } from './project-root.js';

const fromProject = (folder: string): string => resolve(projectRoot, folder);

const whole = (min: number, max: number): z.ZodType<number> =>
  z.coerce.number('must be a number').int().min(min).max(max);

const megabytes = (fallback: number): z.ZodType<number> =>
  z.coerce.number('must be a number').int().min(1).max(1_000_000).default(fallback);

/** What a process does: answer over HTTP, work on training runs, or both. */
export const processRoles = ['all', 'api', 'worker'] as const;
export type ProcessRole = (typeof processRoles)[number];

/** Every key the service reads, with its default. `.env.example` lists the same keys. */
export const environmentSchema = z.object({
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/\S+$/, 'must start with mongodb:// or mongodb+srv://')
    .refine(
      (uri) => parseMongoAddress(uri) !== null,
      'cannot be read: it needs a host, and : / ? # [ ] @ % in user or password written as %3A %2F %3F %23 %5B %5D %40 %25',
    )
    .optional(),
  DATA_DIR: z.string().default('.data').transform(fromProject),
  ENGINE_DIR: z.string().transform(fromProject).optional(),
  SCHEMA_DIR: z.string().default('schema').transform(fromProject),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number('must be a number').int().min(0).max(65_535).default(3000),
  AUTH: z.enum(['on', 'off']).default('on'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
  BOOTSTRAP: z.enum(['on', 'off']).default('on'),
  BODY_LIMIT_MB: megabytes(16),
  UPLOAD_LIMIT_MB: megabytes(2048),
  BUNDLE_LIMIT_MB: megabytes(256),
  MAX_CONNECTIONS: whole(10, 100_000).default(1000),
  ROLE: z.enum(processRoles).default('all'),
  SCHEDULE: z.enum(['on', 'off']).default('on'),
  TRIGGER_CHECK_S: whole(1, 86_400).default(60),
  RUN_LEASE_MS: whole(1000, 3_600_000).default(15_000),
  ORPHAN_BUNDLE_AGE_S: whole(1, 31_536_000).default(3600),
  RETENTION: z.enum(['on', 'off']).default('on'),
  RETAIN_VERSIONS: whole(1, 1_000_000).default(20),
  RETAIN_RUNS_DAYS: whole(1, 36_500).default(90),
  RETAIN_PREDICTIONS_DAYS: whole(1, 36_500).default(30),
  PREDICTION_LOG: z.enum(['on', 'off']).default('on'),
  WATCH_EVERY_S: whole(1, 3600).default(10),
  LOCAL_NETWORKS: z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter((network) => network !== ''))
    .refine((networks) => networks.every(isNetwork), 'must be networks such as 10.0.0.0/8 or 2001:db8::/32'),
  WEBHOOK_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  RECEIVER_CA_FILE: z.string().transform(fromProject).optional(),
  RECEIVER_CERT_FILE: z.string().transform(fromProject).optional(),
  RECEIVER_KEY_FILE: z.string().transform(fromProject).optional(),
  MLFLOW_TRACKING_URI: z
    .url({ protocol: /^https?$/, error: 'must start with http:// or https://' })
    .refine(hasReadableCredentials, 'must have a % in its credentials written as %25')
    .optional(),
  MLFLOW_TRACKING_USERNAME: z.string().optional(),
  MLFLOW_TRACKING_PASSWORD: z.string().optional(),
  MLFLOW_TRACKING_TOKEN: z.string().optional(),
  COMPUTE_THREADS: z.coerce.number('must be a number').int().min(1).max(1024).optional(),
});

/** The rules that concern several keys. */
const checkedSchema = environmentSchema.refine(({ AUTH, HOST }) => AUTH === 'on' || isLoopback(HOST), {
  path: ['AUTH'],
  message: 'off is for HOST=127.0.0.1 only: with another HOST everybody in reach would be an admin',
});

type ParsedEnvironment = z.infer<typeof environmentSchema>;

/** A bad environment: one line a key, values left out because some are secrets. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** What is kept of each detector. */
export interface RetentionPolicy {
  /** The newest model versions. */
  readonly versions: number;
  /** Days for which training runs are kept that have ended. */
  readonly runsDays: number;
  /** Days for which logged predictions are kept that have no feedback. */
  readonly predictionsDays: number;
}

/** Files, in PEM, for encrypted connections to receivers of alerts. */
export interface ReceiverTlsFiles {
  /** Whose certificates are believed; the system's authorities when absent. */
  readonly caFile?: string;
  /** Who this sender says it is, where a receiver asks. */
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** An MLflow server, and who this service is to it. All of it may hold secrets. */
export interface TrackingSettings {
  readonly uri: string;
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
}

/** The environment, parsed once; also its own injection token. */
export abstract class Environment {
  abstract readonly mongodbUri: string | undefined;
  /** Absolute folder for everything the service keeps outside MongoDB. */
  abstract readonly dataDir: string;
  /** Absolute folder for an embedded database's program. */
  abstract readonly engineDir: string;
  abstract readonly schemaDir: string;
  abstract readonly host: string;
  abstract readonly port: number;
  /** Whether routes need an API key. */
  abstract readonly auth: boolean;
  abstract readonly logLevel: NonNullable<ParsedEnvironment['LOG_LEVEL']> | undefined;
  /** Whether an empty database is filled with the bundled data and a first model at start. */
  abstract readonly bootstrap: boolean;
  /** Largest parsed JSON body, bytes. */
  abstract readonly bodyLimit: number;
  /** Largest streamed upload, bytes. */
  abstract readonly uploadLimit: number;
  /** Largest model bundle that is imported, bytes; it is held in memory. */
  abstract readonly bundleLimit: number;
  /** Connections at the same time; further ones are closed. */
  abstract readonly maxConnections: number;
  abstract readonly role: ProcessRole;
  /** Whether this process starts training runs at the times and for the reasons that the contracts name. */
  abstract readonly schedule: boolean;
  /** How often it is looked whether records or drift ask for a training run, milliseconds. */
  abstract readonly triggerCheckMs: number;
  /** How long a worker that gave no sign of life keeps its training run, milliseconds. */
  abstract readonly runLeaseMs: number;
  /** How old a bundle that no model version names must be to be deleted, milliseconds. */
  abstract readonly orphanBundleMs: number;
  /** Whether what the policy does not keep is deleted each night. */
  abstract readonly retention: boolean;
  /** How much is kept of each detector besides what serves and what can be returned to. */
  abstract readonly retain: RetentionPolicy;
  /** Whether what the JSON routes answer is written to the prediction log. */
  abstract readonly predictionLog: boolean;
  /** How often promoted versions are looked at, milliseconds. */
  abstract readonly watchEveryMs: number;
  /** The networks that are watched, as addresses with or without a prefix length; the private ranges where none. */
  abstract readonly localNetworks: readonly string[];
  /** What alerts to a webhook are signed with. */
  abstract readonly webhookSecret: string | undefined;
  abstract readonly receiverTls: ReceiverTlsFiles;
  /** Where runs and versions are mirrored; nowhere when absent. */
  abstract readonly tracking?: TrackingSettings;
  /** Worker threads for training and the like. */
  abstract readonly computeThreads: number;
}

/**
 * Reads the known keys; an empty value counts as not set. Relative folders are relative to the project.
 * @throws EnvironmentError naming every bad key.
 */
export function parseEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const result = checkedSchema.safeParse(given);
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new EnvironmentError(`The environment has bad values (see .env.example):\n${lines.join('\n')}`);
  }
  const env = result.data;
  return {
    mongodbUri: env.MONGODB_URI,
    dataDir: env.DATA_DIR,
    engineDir: env.ENGINE_DIR ?? resolve(env.DATA_DIR, 'engine'),
    schemaDir: env.SCHEMA_DIR,
    host: env.HOST,
    port: env.PORT,
    auth: env.AUTH === 'on',
    logLevel: env.LOG_LEVEL,
    bootstrap: env.BOOTSTRAP === 'on',
    bodyLimit: env.BODY_LIMIT_MB * 1024 * 1024,
    uploadLimit: env.UPLOAD_LIMIT_MB * 1024 * 1024,
    bundleLimit: env.BUNDLE_LIMIT_MB * 1024 * 1024,
    maxConnections: env.MAX_CONNECTIONS,
    role: env.ROLE,
    schedule: env.SCHEDULE === 'on',
    triggerCheckMs: env.TRIGGER_CHECK_S * 1000,
    runLeaseMs: env.RUN_LEASE_MS,
    orphanBundleMs: env.ORPHAN_BUNDLE_AGE_S * 1000,
    retention: env.RETENTION === 'on',
    retain: {
      versions: env.RETAIN_VERSIONS,
      runsDays: env.RETAIN_RUNS_DAYS,
      predictionsDays: env.RETAIN_PREDICTIONS_DAYS,
    },
    predictionLog: env.PREDICTION_LOG === 'on',
    watchEveryMs: env.WATCH_EVERY_S * 1000,
    localNetworks: env.LOCAL_NETWORKS,
    webhookSecret: env.WEBHOOK_SECRET,
    receiverTls: {
      ...(env.RECEIVER_CA_FILE && { caFile: env.RECEIVER_CA_FILE }),
      ...(env.RECEIVER_CERT_FILE && { certFile: env.RECEIVER_CERT_FILE }),
      ...(env.RECEIVER_KEY_FILE && { keyFile: env.RECEIVER_KEY_FILE }),
    },
    ...(env.MLFLOW_TRACKING_URI !== undefined && {
      tracking: {
        uri: env.MLFLOW_TRACKING_URI,
        ...(env.MLFLOW_TRACKING_USERNAME !== undefined && { username: env.MLFLOW_TRACKING_USERNAME }),
        ...(env.MLFLOW_TRACKING_PASSWORD !== undefined && { password: env.MLFLOW_TRACKING_PASSWORD }),
        ...(env.MLFLOW_TRACKING_TOKEN !== undefined && { token: env.MLFLOW_TRACKING_TOKEN }),
      },
    }),
    // One core is left to the API: with all of them busy it would answer late.
    computeThreads: env.COMPUTE_THREADS ?? Math.max(1, availableParallelism() - 1),
  };
}

function isNetwork(text: string): boolean {
  const [address, length = '0', ...more] = text.split('/');
  const most = isIP(address) === 4 ? 32 : 128;
  const isPlain = isIP(address) !== 0 && !address.includes('%') && more.length === 0;
  return isPlain && /^\d{1,3}$/.test(length) && Number(length) <= most;
}

/** Whether the user name and the password in a URI can be decoded. */
function hasReadableCredentials(uri: string): boolean {
  try {
    const { username, password } = new URL(uri);
    decodeURIComponent(username + password);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    // What is no URI at all is said elsewhere.
    return true;
  }
}

/** The process's environment, completed from the project's `.env` file where there is one. */
export function loadEnvironment(): Environment {
  try {
    process.loadEnvFile(resolve(projectRoot, '.env'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return parseEnvironment(process.env);
}

/** What of the settings is to stand in no text that leaves this process. */
export function secretSettings({ mongodbUri, webhookSecret, tracking }: Environment): string[] {
  const own = [webhookSecret, tracking?.password, tracking?.token].filter((secret) => secret !== undefined);
  return [...own, ...(mongodbUri === undefined ? [] : secretsOf(mongodbUri))];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
