import type { InputFault } from '../common/errors.js';
import type { Contract } from '../detector/contract.js';
import { HeaderMismatchError } from '../detector/detector.errors.js';
import type { Context, FeaturizedItems, Item } from '../detector/kind.js';
import { kindOf } from '../detector/kinds.js';
import { TabularParser } from '../detector/tabular/tabular-parser.js';
import type { ReferenceProfile } from '../ml/reference-profile.js';
import type { ScoringModel } from '../registry/bundle/scoring-model.js';
import type { ModelVersion } from '../registry/model-version.schema.js';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** The item of a record, or what is wrong with the record. */
export type ReadRecord = { readonly item: Item } | { readonly faults: readonly InputFault[] };

/** A version that was found whole and working, with all that scoring an item needs ready. */
export class LoadedVersion {
  private readonly parser: TabularParser;

  constructor(
    readonly row: ModelVersion,
    readonly model: ScoringModel,
    /** Of the rows that it was trained on. */
    readonly reference: ReferenceProfile,
    /** Its own, with the spellings of today. */
    readonly contract: Contract = model.contract,
    /** See `ModelBundle`. */
    readonly trainedOn?: string,
  ) {
    this.parser = new TabularParser(contract, { label: 'ignored', ignoreColumns: [] });
  }

  get version(): number {
    return this.row.version;
  }

  read(record: JsonRecord): ReadRecord {
    try {
      const parsed = this.parser.parseRecord(record);
      return Array.isArray(parsed) ? { faults: parsed } : { item: parsed.item };
    } catch (error) {
      if (error instanceof HeaderMismatchError) return { faults: error.errors };
      throw error;
    }
  }

  /** Items as learners see them, all of one context: one row an item, one column a feature of the contract. */
  featurize(items: readonly Item[], context: Context = 'alone'): Promise<FeaturizedItems> {
    return kindOf(this.contract).open(context).featurize(items);
  }
}
