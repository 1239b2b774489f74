import { firstValueFrom } from 'rxjs';
import { type ContractsService, loadContracts } from '../detector/contracts.service.js';
import { connLine, flowVersion } from './fixtures/flow-models.js';
import type { FlowVerdictsDto, LoneFlowVerdictDto } from './flow-scoring.dto.js';
import { FlowScoringService } from './flow-scoring.service.js';
import { ScoringService } from './scoring.service.js';
import type { Trial } from './served.js';
import type { ServingService } from './serving.service.js';
import { ShadowService } from './shadow.service.js';

const contracts = loadContracts('schema') as unknown as ContractsService;
const noLists = { isEmpty: true, find: () => null };

function servicesWith(
  trial: Partial<Trial> | null,
  champion = flowVersion(4, 0.9),
): { flows: FlowScoringService; scoring: ScoringService } {
  const challenger = flowVersion(5, 0.7);
  const served = {
    champion,
    trial: trial && { challenger, mode: 'canary', share: 0, ...trial },
  };
  const serving = { get: () => served } as unknown as ServingService;
  const scoring = new ScoringService(serving, new ShadowService(), noLists as never);
  return { flows: new FlowScoringService(contracts, serving, scoring), scoring };
}

const { flows } = servicesWith(null);

describe('scoring the flows of a request', () => {
  it('says that a flow by itself had no context', async () => {
    const verdict = (await flows.answer({ flow: connLine() })) as LoneFlowVerdictDto;
    expect(verdict).toMatchObject({ uid: 'C1', context: false, verdict: 'benign', hosts: [] });
  });

  it('takes the flows of a request for the context of each other, whichever sensor they are from', async () => {
    const eve = {
      event_type: 'flow',
      timestamp: '2026-01-02T03:00:05Z',
      src_ip: '10.0.0.2',
      dest_ip: '10.0.0.9',
      proto: 'TCP',
      flow: { start: '2026-01-02T03:00:00Z', end: '2026-01-02T03:00:05Z' },
    };
    const underscored = { ts: 1, id_orig_h: '10.0.0.2', id_resp_h: '10.0.0.9', proto: 'udp' };
    const body = { flows: [connLine(), eve, underscored] };
    const { verdicts } = (await flows.answer(body)) as FlowVerdictsDto;
    expect(verdicts.map(({ context, verdict }) => [context, verdict])).toEqual([
      [true, 'malicious'],
      [true, 'malicious'],
      [true, 'malicious'],
    ]);
    expect(verdicts[0].reasons[0].text).toMatch(/speaks for a threat$/);
    expect(((await flows.answer(body, { explain: false })) as FlowVerdictsDto).verdicts[0].reasons).toEqual(
      [],
    );
  });

  it('says which flow is like nothing that was learned from, and by what', async () => {
    const version = (isNew: boolean) => flowVersion(4, 0.9, { score: 0.7, quantile: 0.9995, isNew });
    const answers = await Promise.all(
      [true, false].map(
        (isNew) =>
          servicesWith(null, version(isNew)).flows.answer({
            flow: connLine(),
          }) as Promise<LoneFlowVerdictDto>,
      ),
    );
    const [strange, ordinary] = answers;
    expect(strange).toMatchObject({ verdict: 'benign', novelty: { score: 0.7, isNew: true } });
    expect(strange.reasons.at(-1)).toEqual({
      feature: 'novelty',
      value: 0.7,
      contribution: 0,
      text: expect.stringContaining('more unusual than 99.95 % of them, by how well its source is known'),
    });
    expect(ordinary.novelty?.isNew).toBe(false);
    expect(ordinary.reasons.map(({ feature }) => feature)).not.toContain('novelty');
  });

  it('names what does not fit', async () => {
    const body = { flows: [connLine(), connLine({ 'id.resp_p': 99_999 }), 7, { event_type: 'dns' }] };
    await expect(flows.answer(body, { explain: false })).rejects.toMatchObject({
      code: 'RECORD_INVALID',
      errors: [
        { path: 'flows[1].id_resp_p', message: 'is 99999, not a port' },
        { path: 'flows[2]', message: expect.stringContaining('must be an object') },
        { path: 'flows[3]', message: 'is an event of the type dns, not flow' },
      ],
    });
    await expect(flows.answer({}, { explain: false })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    const tooMany = { flows: new Array<object>(1001).fill(connLine()) };
    await expect(flows.answer(tooMany, { explain: false })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
  });

  it('opens scorers for detectors of flows only', async () => {
    await expect(flows.open('url')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});

describe('a trial of a challenger of flows', () => {
  const body = { flows: Array.from({ length: 40 }, (_, i) => connLine({ ts: 1000 + i, uid: `C${i}` })) };

  it('lets a canary answer its share, each flow in the context of all of the request', async () => {
    const { verdicts } = (await servicesWith({ share: 0.5 }).flows.answer(body)) as FlowVerdictsDto;
    const probabilities = { champion: 0.9, challenger: 0.7 };
    for (const { model, probability } of verdicts) expect(probability).toBe(probabilities[model.servedBy]);
    const canaries = verdicts.filter(({ model }) => model.version === 5).length;
    expect(Math.abs(canaries - 20)).toBeLessThan(16);
  });

  it('keeps a client with one version', async () => {
    const { flows: tried } = servicesWith({ share: 0.5 });
    for (const canaryKey of ['a', 'b', 'c', 'd']) {
      const { verdicts } = (await tried.answer(body, { canaryKey })) as FlowVerdictsDto;
      expect(new Set(verdicts.map(({ model }) => model.version)).size).toBe(1);
    }
  });

  it('tells of what the challenger says in the shadow', async () => {
    const { flows: tried, scoring } = servicesWith({ mode: 'shadow' });
    const telling = firstValueFrom(scoring.scored);
    const { verdicts } = (await tried.answer(body)) as FlowVerdictsDto;
    const told = await telling;
    expect(told.map(({ id }) => id)).toEqual(verdicts.map(({ id }) => id));
    expect(told[7]).toMatchObject({ version: 4, probability: 0.9, shadow: { version: 5, probability: 0.7 } });
  });
});
