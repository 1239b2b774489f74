import { RequestInvalidError } from '../common/errors.js';
import { oneOrMany, type OneOrMany, recordsOf } from '../common/one-or-many.js';
import { RecordInvalidError } from '../detector/detector.errors.js';
import { type FlowField, flowFields, zeekNames } from '../detector/flow/flow.js';
import { alwaysThere, FlowFault } from '../detector/flow/parse-flow.js';
import { FlowItem } from '../detector/flow/record-fields.js';
import { isFault, type Item } from '../detector/kind.js';
import { kindOf } from '../detector/kinds.js';
import { isEveEvent } from '../ingestion/readers/flow/eve.js';
import type { LineItem } from '../ingestion/readers/flow/one-way.js';
import { recordItem } from '../ingestion/readers/flow/record-item.js';
import type { JsonRecord, LoadedVersion, ReadRecord } from './loaded-version.js';

/** An item of a request that cannot be scored. */
export interface ItemFault {
  /** Among all that the request sent, from 0. */
  readonly place: number;
  /** Where in the body it stands. */
  readonly path: string;
  readonly message: string;
}

/** The items of a request, in order. */
export interface ReadBody {
  readonly items: readonly Item[];
  /** What is no item, where the others are scored all the same. */
  readonly faults: readonly ItemFault[];
  /** As they came. */
  readonly records: readonly unknown[];
  /** Whether it came by itself and not in a list. */
  readonly single: boolean;
}

const mostItems = 1000;
const mostFaults = 100;

/**
 * Reads `{record}` or `{records}`, of detectors of addresses `{url}` or `{urls}` and of those of flows `{flow}` or
 * `{flows}` as well.
 * Of several addresses those that can be read are taken.
 * @throws RequestInvalidError where the body as a whole does not fit, RecordInvalidError naming every item and field
 *   that does not
 */
export function readBody(version: LoadedVersion, body: unknown): ReadBody {
  const { kind, detector } = version.contract;
  const asRecords = kind === 'tabular' || (isObject(body) && ('record' in body || 'records' in body));
  const many = asRecords ? 'records' : kind === 'url' ? 'urls' : 'flows';
  const { values, single, pathOf } = asRecords ? recordsOf(body) : oneOrMany(body, many.slice(0, -1), many);
  if (values.length > mostItems) {
    const message = `holds ${values.length} ${many}; send at most ${mostItems}, or POST a file to …/file`;
    throw new RequestInvalidError([{ path: many, message }]);
  }
  const read =
    kind === 'flow'
      ? readFlow
      : asRecords
        ? (value: unknown) => readRecord(version, value as JsonRecord)
        : urlReader(version);
  const { items, faults } = readAll(values, pathOf, read);
  if (faults.length > 0 && (kind !== 'url' || items.length === 0)) {
    throw new RecordInvalidError(
      detector,
      faults.slice(0, mostFaults).map(({ path, message }) => ({ path, message })),
    );
  }
  return { items, faults, records: values, single };
}

/** An item, or all that is wrong with it; the path of a fault begins behind the item's own. */
type ReadItem = (value: unknown) => ReadRecord;

function readAll(
  values: readonly unknown[],
  pathOf: OneOrMany<unknown>['pathOf'],
  read: ReadItem,
): Pick<ReadBody, 'items' | 'faults'> {
  const faults: ItemFault[] = [];
  const items: Item[] = [];
  values.forEach((value, place) => {
    const item = read(value);
    if ('item' in item) return items.push(item.item);
    return faults.push(
      ...item.faults.map(({ path = '', message }) => ({ place, path: pathOf(place) + path, message })),
    );
  });
  return { items, faults };
}

function readRecord(version: LoadedVersion, record: JsonRecord): ReadRecord {
  const read = version.read(record);
  if ('item' in read) return read;
  return { faults: read.faults.map(({ path, message }) => ({ path: path ? `.${path}` : '', message })) };
}

function urlReader({ contract }: LoadedVersion): ReadItem {
  const kind = kindOf(contract);
  return (value) => {
    if (typeof value !== 'string') return faulty('must be an address, as text');
    const item = kind.item([value.trim()]);
    return isFault(item) ? faulty(item.message) : { item };
  };
}

/** A flow in the words of Zeek, Suricata or the Elastic Common Schema, as lines of logs hold it. */
function readFlow(value: unknown): ReadRecord {
  if (!isObject(value)) return faulty('must be an object: a line of conn.log or an event of EVE');
  const mended: string[] = [];
  try {
    const item = recordItem(value, 0, mended);
    return item?.kind === 'flow' ? { item: new FlowItem(item.flow, mended) } : faulty(noFlow(item, value));
  } catch (error) {
    if (!(error instanceof FlowFault)) throw error;
    const [field, ...rest] = error.message.split(' ');
    const isField = flowFields.includes(field as FlowField);
    return {
      faults: [isField ? { path: `.${field}`, message: rest.join(' ') } : { message: error.message }],
    };
  }
}

function noFlow(item: LineItem | null, value: JsonRecord): string {
  if (item?.kind === 'url')
    return `is an event of the type ${item.event}, not flow; send ${item.url} to /v1/score/url`;
  if (item?.kind === 'one-way')
    return 'is an event of the type netflow, one direction of a flow; send logs of them to …/file, which joins both';
  const lacking = alwaysThere.filter((field) => !(field in value || (zeekNames[field] ?? field) in value));
  if (!isEveEvent(value) && lacking.length > 0)
    return `is no flow: it lacks ${lacking.map((field) => zeekNames[field] ?? field).join(', ')}`;
  return `is an event of the type ${item?.kind === 'other' ? item.event : 'alert'}, not flow`;
}

function faulty(message: string): ReadRecord {
  return { faults: [{ message }] };
}

function isObject(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
