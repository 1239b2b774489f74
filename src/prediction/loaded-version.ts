import type { InputFault } from '../common/errors.js';
import type { Contract } from '../detector/contract.js';
import { HeaderMismatchError } from '../detector/detector.errors.js';
import { kindOf } from '../detector/kinds.js';
import type { Value } from '../detector/tabular/cells.js';
import { TabularParser } from '../detector/tabular/tabular-parser.js';
import type { Matrix } from '../ml/matrix.js';
import type { ScoringModel } from '../registry/bundle/scoring-model.js';
import type { ModelVersion } from '../registry/model-version.schema.js';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** What a record says, or what is wrong with it. */
export type ReadRecord = { readonly values: readonly Value[] } | { readonly faults: readonly InputFault[] };

/** A version that was found whole and working, with all that scoring a record needs ready. */
export class LoadedVersion {
  private readonly parser: TabularParser;

  constructor(
    readonly row: ModelVersion,
    readonly model: ScoringModel,
  ) {
    this.parser = new TabularParser(model.contract, { label: 'ignored', ignoreColumns: [] });
  }

  get version(): number {
    return this.row.version;
  }

  get contract(): Contract {
    return this.model.contract;
  }

  /** One value a column of the contract's records. */
  read(record: JsonRecord): ReadRecord {
    try {
      const parsed = this.parser.parseRecord(record);
      return Array.isArray(parsed) ? { faults: parsed } : { values: parsed.values };
    } catch (error) {
      if (error instanceof HeaderMismatchError) return { faults: error.errors };
      throw error;
    }
  }

  /** Records as learners see them: one row a record, one column a feature of the contract. */
  features(records: readonly (readonly Value[])[]): Promise<Matrix> {
    const featurizer = kindOf(this.contract).featurizer();
    for (const values of records) featurizer.add(values);
    return featurizer.finish();
  }
}
