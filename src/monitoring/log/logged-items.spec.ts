import { loadContracts } from '../../detector/contracts.service.js';
import { aFlow } from '../../detector/flow/fixtures/flows.js';
import { FlowItem } from '../../detector/flow/record-fields.js';
import { tinyContract, tinySource } from '../../detector/fixtures/tiny-contract.js';
import { kindOf } from '../../detector/kinds.js';
import { featurizeLogged, type LoggedItem } from './logged-items.js';

const contract = loadContracts('schema').get('network-flow')!;
const kind = kindOf(contract);
const flows = Array.from({ length: 5 }, (_, i) => new FlowItem(aFlow({ ts: 1000 + i, id_resp_p: 100 + i })));

const logged = (id: string, place: number, size: number): LoggedItem => ({
  _id: `${id}/${place}`,
  values: flows[place].values,
  context: size > 1 ? 'request' : 'alone',
  request: size > 1 ? { id, place, size } : null,
});
const request = (id: string, size: number): LoggedItem[] =>
  Array.from({ length: size }, (_, place) => logged(id, place, size));

async function rowsAs(context: 'alone' | 'request', count: number): Promise<Float64Array[]> {
  const { x } = await kind.open(context).featurize(flows.slice(0, count));
  return Array.from({ length: count }, (_, i) => x.row(i));
}

describe('logged flows', () => {
  it('are featurized in the request that they were scored in, whatever else is in the window', async () => {
    const [a, b] = [request('a', 5), request('b', 3)];
    const mixed = [a[4], b[0], a[0], b[2], a[2], b[1], a[1], a[3]];
    const { x, predictions, leftOut } = await featurizeLogged(contract, mixed);
    expect(leftOut).toBe(0);
    expect(predictions).toEqual(mixed);
    const expected = { a: await rowsAs('request', 5), b: await rowsAs('request', 3) };
    mixed.forEach(({ request: of }, i) => expect(x.row(i)).toEqual(expected[of!.id as 'a' | 'b'][of!.place]));
  });

  it('that came alone are featurized alone', async () => {
    const { x, leftOut } = await featurizeLogged(contract, [logged('a', 0, 1), logged('b', 1, 1)]);
    const { x: together } = await kind.open('alone').featurize(flows.slice(0, 2));
    expect(leftOut).toBe(0);
    expect([x.row(0), x.row(1)]).toEqual([together.row(0), together.row(1)]);
  });

  it('get their context from the rest of their request, and are left out where it is not all there', async () => {
    const [a, b] = [request('a', 5), request('b', 3)];
    const asked = [a[3], b[0]];
    const whole = await featurizeLogged(contract, asked, [...a, ...b.slice(1)]);
    expect(whole.x.row(0)).toEqual((await rowsAs('request', 5))[3]);
    expect(whole.leftOut).toBe(0);
    const part = await featurizeLogged(contract, asked, [...a, b[1]]);
    expect(part.predictions).toEqual([a[3]]);
    expect([part.x.rows, part.leftOut]).toEqual([1, 1]);
  });

  it('of older releases, which did not keep the context, are left out', async () => {
    const old = { ...logged('a', 0, 1), context: undefined } as unknown as LoggedItem;
    expect(await featurizeLogged(contract, [old])).toMatchObject({ leftOut: 1, predictions: [] });
  });
});

describe('logged records', () => {
  it('of another contract are left out, and counted', async () => {
    const row = { _id: 'a', values: [1, 2, 'tcp'], context: 'alone', request: null } as const;
    const narrow = tinyContract({ features: tinySource.features.slice(1) });
    expect(await featurizeLogged(tinyContract(), [row])).toMatchObject({ predictions: [row], leftOut: 0 });
    expect(await featurizeLogged(narrow, [row])).toMatchObject({ predictions: [], leftOut: 1 });
  });
});
