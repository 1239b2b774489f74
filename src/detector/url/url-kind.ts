import type { InputFault } from '../../common/errors.js';
import { nextTurn } from '../../common/turns.js';
import { CsrMatrix } from '../../ml/csr-matrix.js';
import { Matrix } from '../../ml/matrix.js';
import type { Contract } from '../contract.js';
import type {
  DetectorKind,
  Featurizer,
  FinishOptions,
  Item,
  ItemFeaturizer,
  LabelledRecord,
  Reason,
  RecordColumn,
  ScoredRow,
  SupplementRow,
} from '../kind.js';
import { CellFault, type Value } from '../tabular/cells.js';
import { missingHomePages, ordinaryPages } from './home-pages.js';
import { knownAddresses } from './known-addresses.js';
import { madeImitations } from './made-imitations.js';
import { NgramHasher } from './ngrams.js';
import { featurizeUrl, urlFeatures } from './url-features.js';
import { readUrlItem, UrlItem, urlItemOf } from './url-item.js';
import { urlReasons } from './url-reasons.js';

/** Records that are an address and nothing else. What learners see is worked out from it; nothing is ever fetched. */
export class UrlKind implements DetectorKind {
  readonly columns: readonly RecordColumn[] = [
    { name: 'url', aliases: ['domain', 'address', 'link'], parse: parseCell },
  ];
  readonly bareLines = true;
  readonly isIndependent = true;

  constructor(private readonly contract: Pick<Contract, 'supplement'>) {}

  item([text]: readonly Value[]): Item | InputFault {
    const item = readUrlItem(String(text));
    return item instanceof UrlItem ? item : { path: 'url', message: item.message };
  }

  open(): ItemFeaturizer {
    return {
      featurize: async (items) => ({ x: await urlMatrix(items.length, (i) => items[i] as UrlItem, false) }),
    };
  }

  featurizer(): Featurizer {
    return new UrlRows();
  }

  async supplement(records: readonly LabelledRecord[]): Promise<SupplementRow[]> {
    const {
      homePages = false,
      knownDomains = 0,
      imitations = 0,
      ordinaryPages: ordinary = 0,
    } = this.contract.supplement ?? {};
    return [
      ...(homePages ? await missingHomePages(records) : []),
      ...(knownDomains > 0 ? knownAddresses().map(madeRow('knownDomains', 0)) : []),
      ...(imitations > 0 ? madeImitations().map(madeRow('imitations', 1)) : []),
      ...(ordinary > 0 ? (await ordinaryPages(records)).map(madeRow('ordinaryPages', 0)) : []),
    ];
  }

  reasons({ item, contributions }: ScoredRow, isFlagged: boolean): Reason[] {
    return urlReasons((item as UrlItem).facts, contributions, isFlagged);
  }
}

function madeRow(source: SupplementRow['source'], label: 0 | 1): (address: string) => SupplementRow {
  return (address) => ({ values: [address], label, source });
}

/** What a spreadsheet executes (OWASP, CSV injection), also where it was defused; no address begins so. */
const formula = /^'?[=+@-]/;

function parseCell(cell: unknown): Value | CellFault {
  if (typeof cell !== 'string') return new CellFault('must be an address, as text');
  const text = cell.trim();
  if (formula.test(text))
    return new CellFault('is a formula that a spreadsheet would execute, and no address');
  return text;
}

/** Rows written before others get a turn of the event loop. */
const rowsATurn = 500;

/** For all: it is used within one turn of the event loop only. */
const hasher = new NgramHasher();

class UrlRows implements Featurizer {
  private readonly texts: string[] = [];

  add([text]: readonly Value[]): void {
    this.texts.push(String(text));
  }

  finish({ order, shared = false }: FinishOptions = {}): Promise<Matrix> {
    const { texts } = this;
    return urlMatrix(order?.length ?? texts.length, (i) => urlItemOf(texts[order ? order[i] : i]), shared);
  }
}

/** One row an address: its features, and its n-grams as the sparse part. */
async function urlMatrix(count: number, itemAt: (i: number) => UrlItem, shared: boolean): Promise<Matrix> {
  const x = shared ? Matrix.shared(count, urlFeatures.length) : new Matrix(count, urlFeatures.length);
  const ngrams = new SparseRows(count, shared);
  const features = new Float64Array(urlFeatures.length);
  for (let i = 0; i < count; i++) {
    const { facts } = itemAt(i);
    featurizeUrl(facts, features);
    x.setRow(i, features);
    ngrams.add(hasher.indices.subarray(0, hasher.hash(facts.reading)));
    if (i % rowsATurn === rowsATurn - 1) await nextTurn();
  }
  return new Matrix(x.rows, x.columns, x.data, ngrams.finish(hasher.buckets));
}

/** Puts together a sparse matrix of rows of unit length, each with one value at all of its columns. */
class SparseRows {
  private readonly indptr: Int32Array;
  private indices: Int32Array;
  private values: Float64Array;
  private row = 0;

  constructor(
    rows: number,
    private readonly shared: boolean,
  ) {
    this.indptr = this.integers(rows + 1);
    this.indices = this.integers(rows * 128);
    this.values = this.numbers(rows * 128);
  }

  add(columns: Int32Array): void {
    const from = this.indptr[this.row++];
    const to = from + columns.length;
    this.indptr[this.row] = to;
    if (to > this.indices.length) this.grow(Math.max(to, this.indices.length * 2));
    this.indices.set(columns, from);
    this.values.fill(1 / Math.sqrt(columns.length), from, to);
  }

  finish(columns: number): CsrMatrix {
    const used = this.indptr[this.row];
    return new CsrMatrix(
      this.row,
      columns,
      this.indptr,
      this.indices.subarray(0, used),
      this.values.subarray(0, used),
    );
  }

  private grow(length: number): void {
    const { indices, values } = this;
    this.indices = this.integers(length);
    this.indices.set(indices);
    this.values = this.numbers(length);
    this.values.set(values);
  }

  private integers(length: number): Int32Array {
    return this.shared ? new Int32Array(new SharedArrayBuffer(length * 4)) : new Int32Array(length);
  }

  private numbers(length: number): Float64Array {
    return this.shared ? new Float64Array(new SharedArrayBuffer(length * 8)) : new Float64Array(length);
  }
}
