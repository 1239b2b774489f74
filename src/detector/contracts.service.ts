import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { parse } from 'yaml';
import { toError } from '../common/errors.js';
import { nearestName } from '../common/nearest-name.js';
import { Environment } from '../config/environment.js';
import { type Contract, contractSchema } from './contract.js';
import { ContractInvalidError, DetectorUnknownError } from './detector.errors.js';

/** The dataset contracts of `SCHEMA_DIR`, read and checked once at start. */
@Injectable()
export class ContractsService {
  private readonly contracts: ReadonlyMap<string, Contract>;

  /** @throws ContractInvalidError naming the file, the path in it and the reason. */
  constructor(environment: Environment) {
    this.contracts = loadContracts(environment.schemaDir);
  }

  get detectors(): readonly string[] {
    return [...this.contracts.keys()];
  }

  /** @throws DetectorUnknownError */
  get(detector: string): Contract {
    const contract = this.contracts.get(detector);
    if (!contract)
      throw new DetectorUnknownError(detector, this.detectors, nearestName(detector, this.detectors));
    return contract;
  }
}

/** Reads every `*.yaml` of a folder. @throws ContractInvalidError */
export function loadContracts(folder: string): Map<string, Contract> {
  const files = listYaml(folder);
  const contracts = new Map<string, Contract>();
  for (const file of files) {
    const contract = readContract(join(folder, file));
    if (contract.detector !== basename(file, '.yaml')) {
      throw new ContractInvalidError(file, [
        { path: 'detector', message: `is '${contract.detector}', but the file is named ${file}` },
      ]);
    }
    contracts.set(contract.detector, contract);
  }
  return contracts;
}

/**
 * sha256 of what a contract says, whatever its comments and layout: part of a model version's lineage. When models are
 * made, how long that may take, and how they are watched afterwards, does not change what they are: `retraining`,
 * `training` and `watch` are left out.
 */
export function contractDigest(contract: Contract): string {
  return createHash('sha256')
    .update(JSON.stringify({ ...contract, retraining: undefined, training: undefined, watch: undefined }))
    .digest('hex');
}

function listYaml(folder: string): string[] {
  let files: string[];
  try {
    files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  } catch (error) {
    throw new ContractInvalidError(basename(folder), [
      { message: `the folder named by SCHEMA_DIR cannot be read (${(error as NodeJS.ErrnoException).code})` },
    ]);
  }
  if (files.length === 0)
    throw new ContractInvalidError(basename(folder), [{ message: 'holds no *.yaml file' }]);
  return files.sort();
}

function readContract(path: string): Contract {
  const file = basename(path);
  let document: unknown;
  try {
    document = parse(readFileSync(path, 'utf8'), { prettyErrors: true });
  } catch (error) {
    throw new ContractInvalidError(file, [{ message: toError(error).message }]);
  }
  const result = contractSchema.safeParse(document);
  if (result.success) return result.data;
  throw new ContractInvalidError(
    file,
    result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
  );
}
