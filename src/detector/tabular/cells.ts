import { allowedValues, type Contract, type Feature } from '../contract.js';
import { canonicalText, toNumber } from './canonical-text.js';

/** A feature's value as it is stored: null is missing. */
export type Value = number | string | null;

/** Labels by what they stand for. */
export interface LabelWords {
  readonly threat: readonly string[];
  readonly benign: readonly string[];
}

/** A cell that does not fit its feature; the message goes to the person who sent it. */
export class CellFault {
  constructor(readonly message: string) {}
}

export type CellParser = (cell: unknown) => Value | CellFault;

/** The parser of one feature's cells: text from CSV and typed JSON values alike. */
export function cellParser(feature: Feature, isMissing: (cell: unknown) => boolean): CellParser {
  if (feature.type !== 'category') {
    const parse = numberParser(feature);
    return (cell) => (isMissing(cell) ? null : parse(cell));
  }
  const parse = categoryParser(feature);
  return (cell) => {
    const value = parse(cell);
    // A contract may well have a category of the name `none`.
    return value instanceof CellFault && isMissing(cell) ? null : value;
  };
}

/** Recognises the contract's missing markers, without regard to case and surrounding blanks; null always is one. */
export function missingMarkers(contract: Pick<Contract, 'missing'>): (cell: unknown) => boolean {
  const markers = new Set(contract.missing.map((marker) => marker.trim().toLowerCase()));
  return (cell) =>
    cell === null || cell === undefined || (isScalar(cell) && markers.has(String(cell).trim().toLowerCase()));
}

/** The threat label of a cell: 1 threat, 0 benign. */
export function labelParser({ threat, benign }: LabelWords): (cell: unknown) => 0 | 1 | CellFault {
  const byText = new Map<string, 0 | 1>();
  threat.forEach((text) => byText.set(canonicalText(text), 1));
  benign.forEach((text) => byText.set(canonicalText(text), 0));
  const known = `${threat.join(', ')} (threat) or ${benign.join(', ')} (benign)`;
  return (cell) => {
    const text = isScalar(cell) ? canonicalText(String(cell)) : '';
    // The files of the KDD Cup end each label in a dot.
    const label = byText.get(text) ?? byText.get(text.replace(/\.$/, ''));
    return label ?? new CellFault(`is ${shown(cell)}; it must be ${known}`);
  };
}

function numberParser(feature: Exclude<Feature, { type: 'category' }>): (cell: unknown) => Value | CellFault {
  const allowed = allowedValues(feature);
  const set = allowed && new Set(allowed);
  const { min = -Infinity, max = Infinity } = feature;
  return (cell) => {
    const value = toNumber(cell);
    if (value === undefined) return new CellFault(`is ${shown(cell)}; it must be a number`);
    if (feature.type === 'integer' && !Number.isInteger(value)) {
      return new CellFault(`is ${shown(cell)}; it must be a whole number`);
    }
    if (set && !set.has(value)) return new CellFault(`is ${value}; allowed are ${allowed.join(', ')}`);
    if (value < min || value > max)
      return new CellFault(`is ${value}; it must lie between ${min} and ${max}`);
    return value;
  };
}

function categoryParser(
  feature: Extract<Feature, { type: 'category' }>,
): (cell: unknown) => Value | CellFault {
  const byText = new Map(Object.keys(feature.values).map((value) => [canonicalText(value), value]));
  return (cell) => {
    const value = isScalar(cell) ? byText.get(canonicalText(String(cell))) : undefined;
    return value ?? new CellFault(`is ${shown(cell)}; allowed are ${Object.keys(feature.values).join(', ')}`);
  };
}

function isScalar(cell: unknown): cell is string | number | boolean {
  return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean';
}

/** A cell as a message quotes it. */
export function shown(cell: unknown): string {
  const text = JSON.stringify(cell) ?? String(cell);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
