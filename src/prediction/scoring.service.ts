import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type InputFault, RequestInvalidError } from '../common/errors.js';
import { isSingle, recordPath, recordsOf } from '../common/upload.js';
import type { Contract, Feature } from '../detector/contract.js';
import { HeaderMismatchError, RecordInvalidError } from '../detector/detector.errors.js';
import type { Value } from '../detector/tabular/cells.js';
import { describeValue, TabularParser, valueEncoder } from '../detector/tabular/tabular-parser.js';
import { Matrix } from '../ml/matrix.js';
import { ChampionsService, type Serving } from './champions.service.js';
import type { ReasonDto, VerdictDto, VerdictsDto } from './prediction.dto.js';

const maxRecords = 1000;
const maxReasons = 5;
const maxFaults = 100;

/** Scores records with the champion and says why. */
@Injectable()
export class ScoringService {
  constructor(private readonly champions: ChampionsService) {}

  /**
   * One verdict for `{record}`, `{verdicts}` in order for `{records}`.
   * @throws RecordInvalidError naming every record and field that does not fit; nothing is scored then.
   */
  async answer(detector: string, body: unknown): Promise<VerdictDto | VerdictsDto> {
    const serving = this.champions.get(detector);
    const records = recordsOf(body);
    if (records.length > maxRecords) {
      const message = `holds ${records.length} records; send at most ${maxRecords}, or POST a file to …/file`;
      throw new RequestInvalidError([{ path: 'records', message }]);
    }
    const pathOf = (i: number): string => recordPath(body, i);
    const verdicts = await this.scoreRows(serving, parseRecords(serving.model.contract, records, pathOf));
    return isSingle(body) ? verdicts[0] : { verdicts };
  }

  /** Verdicts for rows whose values fit the contract already. */
  async scoreRows(
    serving: Serving,
    rows: readonly (readonly Value[])[],
    explain = true,
  ): Promise<VerdictDto[]> {
    const { model, version } = serving;
    const { contract } = model;
    const encoders = contract.features.map(valueEncoder);
    const encoded = rows.map((values) => Float64Array.from(values, (value, i) => encoders[i](value)));
    const probabilities = model.score(Matrix.fromRows(encoded, contract.features.length));
    const by = { detector: contract.detector, version: version.version, trainedAt: version.createdAt };
    const verdicts: VerdictDto[] = [];
    for (const [i, values] of rows.entries()) {
      verdicts.push({
        id: randomUUID(),
        verdict: model.verdictOf(probabilities[i]),
        probability: probabilities[i],
        reasons: explain ? reasonsOf(contract, values, model.explain(encoded[i]).values) : [],
        model: by,
      });
      // Explaining a row of a large forest takes milliseconds; others get their turn in between.
      if (explain) await nextTurn();
    }
    return verdicts;
  }
}

function parseRecords(
  contract: Contract,
  records: readonly Readonly<Record<string, unknown>>[],
  pathOf: (i: number) => string,
): (readonly Value[])[] {
  const parser = new TabularParser(contract, { label: 'ignored', ignoreColumns: [] });
  const faults: InputFault[] = [];
  const rows = records.map((record, i) => {
    const parsed = parseRecord(parser, record);
    if ('values' in parsed) return parsed.values;
    faults.push(...parsed.faults.map(({ path, message }) => ({ path: `${pathOf(i)}.${path}`, message })));
    return [];
  });
  if (faults.length > 0) throw new RecordInvalidError(contract.detector, faults.slice(0, maxFaults));
  return rows;
}

function parseRecord(
  parser: TabularParser,
  record: Readonly<Record<string, unknown>>,
): { values: readonly Value[] } | { faults: readonly InputFault[] } {
  try {
    const parsed = parser.parseRecord(record);
    return Array.isArray(parsed)
      ? { faults: parsed }
      : { values: (parsed as { values: readonly Value[] }).values };
  } catch (error) {
    if (error instanceof HeaderMismatchError) return { faults: error.errors };
    throw error;
  }
}

/** The features that moved the score most, the strongest first; one that did not move it is no reason. */
function reasonsOf(contract: Contract, values: readonly Value[], contributions: Float64Array): ReasonDto[] {
  return contract.features
    .map((feature, i) => reason(feature, values[i] ?? null, contributions[i]))
    .filter(({ contribution }) => contribution !== 0)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, maxReasons);
}

function reason(feature: Feature, value: Value, contribution: number): ReasonDto {
  const speaks = contribution > 0 ? 'speaks for a threat' : 'speaks against a threat';
  return { feature: feature.name, value, contribution, text: `${describeValue(feature, value)}: ${speaks}` };
}
