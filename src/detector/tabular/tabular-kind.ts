import { nextTurn } from '../../common/turns.js';
import { Matrix } from '../../ml/matrix.js';
import { allowedValues, type Contract, type Feature } from '../contract.js';
import type {
  DetectorKind,
  Featurizer,
  FinishOptions,
  Item,
  ItemFeaturizer,
  Reason,
  RecordColumn,
  ScoredRow,
} from '../kind.js';
import { cellParser, missingMarkers, type Value } from './cells.js';

/** Records whose columns are the features themselves. */
export class TabularKind implements DetectorKind {
  readonly columns: readonly RecordColumn[];
  readonly bareLines = false;
  readonly isIndependent = true;
  private readonly features: readonly Feature[];
  private readonly encoders: readonly ((value: Value) => number)[];

  constructor({ features, missing }: Pick<Contract, 'features' | 'missing'>) {
    const isMissing = missingMarkers({ missing });
    this.columns = features.map((feature) => ({
      name: feature.name,
      aliases: feature.aliases,
      parse: cellParser(feature, isMissing),
    }));
    this.features = features;
    this.encoders = features.map(valueEncoder);
  }

  item(values: readonly Value[]): Item {
    return { values };
  }

  open(): ItemFeaturizer {
    return {
      featurize: async (items) => {
        const rows = this.featurizer();
        for (const { values } of items) rows.add(values);
        return { x: await rows.finish() };
      },
    };
  }

  featurizer(): Featurizer {
    return new RowsOfNumbers(this.encoders);
  }

  reasons({ features, contributions }: ScoredRow): Reason[] {
    return this.features.map((feature, j) => {
      const value = valueOf(feature, features[j]);
      const contribution = contributions.values[j];
      return { feature: feature.name, value, contribution, text: describeValue(feature, value) };
    });
  }
}

/** Rows written before others get a turn of the event loop. */
const rowsATurn = 1000;

class RowsOfNumbers implements Featurizer {
  private readonly rows: Float64Array[] = [];

  constructor(private readonly encoders: readonly ((value: Value) => number)[]) {}

  add(values: readonly Value[]): void {
    this.rows.push(Float64Array.from(this.encoders, (encode, j) => encode(values[j])));
  }

  async finish({ order, shared = false }: FinishOptions = {}): Promise<Matrix> {
    const count = order?.length ?? this.rows.length;
    const x = shared ? Matrix.shared(count, this.encoders.length) : new Matrix(count, this.encoders.length);
    for (let i = 0; i < count; i++) {
      x.setRow(i, this.rows[order ? order[i] : i]);
      if (i % rowsATurn === rowsATurn - 1) await nextTurn();
    }
    return x;
  }
}

/** Stands in a matrix for a category that the contract does not have; validation finds it. */
export const unknownCategory = -1;

/** The number that stands for a value in a matrix: a category's place in the contract, NaN for missing. */
export function valueEncoder(feature: Feature): (value: Value) => number {
  if (feature.type !== 'category') return (value) => (typeof value === 'number' ? value : NaN);
  const codes = new Map(allowedValues(feature)!.map((value, code) => [value, code]));
  return (value) => (value === null ? NaN : (codes.get(value) ?? unknownCategory));
}

/** The value that a number stands for. */
function valueOf(feature: Feature, number: number): Value {
  if (Number.isNaN(number)) return null;
  return feature.type === 'category' ? (allowedValues(feature)![number] ?? null) : number;
}

/** The sentence that stands for a feature's value in a verdict's reasons. */
export function describeValue(feature: Feature, value: Value): string {
  if (value === null) return `${feature.meaning}: not known`;
  const sentence = 'values' in feature ? feature.values?.[String(value)] : undefined;
  return sentence ?? `${feature.meaning}: ${value}`;
}
