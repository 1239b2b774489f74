import { resolve } from 'node:path';
import { z } from 'zod';
import { projectRoot } from './project-root.js';

const fromProject = (folder: string): string => resolve(projectRoot, folder);

const megabytes = (fallback: number): z.ZodType<number> =>
  z.coerce.number('must be a number').int().min(1).max(1_000_000).default(fallback);

/** Every key the service reads, with its default. `.env.example` lists the same keys. */
export const environmentSchema = z.object({
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/\S+$/, 'must start with mongodb:// or mongodb+srv://')
    .optional(),
  DATA_DIR: z.string().default('.data').transform(fromProject),
  ENGINE_DIR: z.string().transform(fromProject).optional(),
  SCHEMA_DIR: z.string().default('schema').transform(fromProject),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number('must be a number').int().min(0).max(65_535).default(3000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
  BOOTSTRAP: z.enum(['on', 'off']).default('on'),
  BODY_LIMIT_MB: megabytes(16),
  UPLOAD_LIMIT_MB: megabytes(2048),
});

type ParsedEnvironment = z.infer<typeof environmentSchema>;

/** A bad environment: one line a key, values left out because some are secrets. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
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
  abstract readonly logLevel: NonNullable<ParsedEnvironment['LOG_LEVEL']> | undefined;
  /** Whether an empty database is filled with the bundled data and a first model at start. */
  abstract readonly bootstrap: boolean;
  /** Largest parsed JSON body, bytes. */
  abstract readonly bodyLimit: number;
  /** Largest streamed upload, bytes. */
  abstract readonly uploadLimit: number;
}

/**
 * Reads the known keys; an empty value counts as not set. Relative folders are relative to the project.
 * @throws EnvironmentError naming every bad key.
 */
export function parseEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const result = environmentSchema.safeParse(given);
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
    logLevel: env.LOG_LEVEL,
    bootstrap: env.BOOTSTRAP === 'on',
    bodyLimit: env.BODY_LIMIT_MB * 1024 * 1024,
    uploadLimit: env.UPLOAD_LIMIT_MB * 1024 * 1024,
  };
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
