import type { Matrix } from '../../ml/matrix.js';
import type { Value } from '../tabular/cells.js';
import { flowFeatures } from './flow-features.js';
import { FlowRows } from './flow-rows.js';
import { recordFields } from './record-fields.js';

const hasContext = flowFeatures.findIndex(({ name }) => name === 'hasContext');
const flowsLong = flowFeatures.findIndex(({ name }) => name === 'flowsLong');

function record(ts: number, fields: Record<string, Value> = {}): Value[] {
  const flow = { ts, id_orig_h: '10.0.0.1', id_resp_h: '10.0.0.2', proto: 'tcp', ...fields };
  return recordFields.map((field) => (flow as Record<string, Value>)[field] ?? null);
}

function column(x: Matrix, j: number): number[] {
  return [...x.column(j)];
}

/** How many flows of its source each was seen to come after. */
function before(x: Matrix): number[] {
  return column(x, flowsLong).map((value) => Math.round(10 ** value) - 1);
}

describe('flows as rows of numbers', () => {
  it('says of a flow that comes by itself that it has no context', async () => {
    const rows = new FlowRows();
    rows.add(record(1));
    const x = await rows.finish();
    expect(column(x, hasContext)).toEqual([0]);
    expect(column(x, flowsLong)).toEqual([NaN]);
  });

  it('looks at flows in the order of time, whatever the order in which they came', async () => {
    const rows = new FlowRows();
    for (const ts of [30, 10, 20]) rows.add(record(ts));
    expect(before(await rows.finish())).toEqual([2, 0, 1]);
  });

  it('goes by the end of a flow, which is when a sensor knows of it', async () => {
    const rows = new FlowRows();
    rows.add(record(10, { duration: 50 }));
    rows.add(record(20));
    expect(before(await rows.finish())).toEqual([1, 0]);
  });

  it('keeps captures apart', async () => {
    const rows = new FlowRows();
    rows.add(record(10), 1);
    rows.add(record(20), 2);
    rows.add(record(30), 1);
    expect(before(await rows.finish())).toEqual([0, 0, 1]);
  });

  it('puts rows where they are asked for', async () => {
    const rows = new FlowRows();
    for (const ts of [30, 10, 20]) rows.add(record(ts));
    const x = await rows.finish({ order: Int32Array.of(1, 2, 0) });
    expect(before(x)).toEqual([0, 1, 2]);
  });

  it('shows a fifth of the flows to learners as if each had come alone, and all in context otherwise', async () => {
    const rows = new FlowRows();
    for (let i = 0; i < 1000; i++) rows.add(record(i, { id_orig_p: i }));
    const count = (x: Matrix): number => column(x, hasContext).filter((value) => value === 1).length;
    const trained = count(await rows.finish({ training: true }));
    expect(trained).toBeGreaterThan(750);
    expect(trained).toBeLessThan(850);
    expect(count(await rows.finish())).toBe(1000);
  });
});
