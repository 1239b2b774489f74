import { firstValueFrom } from 'rxjs';
import { RequestInvalidError } from '../common/errors.js';
import { connLine, flowVersion } from './fixtures/flow-models.js';
import { scoringWith as scoringOf } from './fixtures/scoring.js';
import type { FlowVerdictsDto, LoneFlowVerdictDto } from './prediction.dto.js';
import type { ScoreOptions, ScoringService } from './scoring.service.js';
import type { Trial } from './served.js';
import { bodyDto } from './verdict-dtos.js';

function scoringWith(trial: Partial<Trial> | null, champion = flowVersion(4, 0.9)): ScoringService {
  const canary: Trial = { challenger: flowVersion(5, 0.7), mode: 'canary', share: 0 };
  return scoringOf(() => ({ champion, trial: trial && { ...canary, ...trial } }));
}

const scoring = scoringWith(null);
const one = async (body: object, by = scoring): Promise<LoneFlowVerdictDto> =>
  bodyDto(await by.score('network-flow', body)) as LoneFlowVerdictDto;
const many = async (body: object, options: ScoreOptions = {}, by = scoring): Promise<FlowVerdictsDto> =>
  bodyDto(await by.score('network-flow', body, options)) as FlowVerdictsDto;

/** Sixty ports of one host that give no answer. */
const probes = Array.from({ length: 60 }, (_, i) =>
  connLine({
    ts: 1000 + i,
    uid: `P${i}`,
    'id.resp_p': 100 + i,
    conn_state: 'S0',
    resp_pkts: 0,
    history: 'S',
  }),
);

describe('scoring the flows of a request', () => {
  it('says that a flow by itself had no context', async () => {
    const verdict = await one({ flow: connLine() });
    expect(verdict).toMatchObject({ uid: 'C1', context: 'alone', verdict: 'benign', hosts: [] });
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
    const { verdicts } = await many(body);
    expect(verdicts.map(({ context, verdict }) => [context, verdict])).toEqual([
      ['request', 'malicious'],
      ['request', 'malicious'],
      ['request', 'malicious'],
    ]);
    expect(verdicts[0].reasons[0].text).toMatch(/speaks for a threat$/);
    expect((await many(body, { explain: 'none' })).verdicts[0].reasons).toEqual([]);
  });

  it('says which flow is like nothing that was learned from, and by what', async () => {
    const version = (isNew: boolean) => flowVersion(4, 0.9, { score: 0.7, quantile: 0.9995, isNew });
    const [strange, ordinary] = await Promise.all(
      [true, false].map((isNew) => one({ flow: connLine() }, scoringWith(null, version(isNew)))),
    );
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
    await expect(many(body)).rejects.toMatchObject({
      code: 'RECORD_INVALID',
      errors: [
        { path: 'flows[1].id_resp_p', message: 'is 99999, not a port' },
        { path: 'flows[2]', message: expect.stringContaining('must be an object') },
        { path: 'flows[3]', message: 'is an event of the type dns, not flow' },
      ],
    });
    await expect(many({})).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    const tooMany = { flows: new Array<object>(1001).fill(connLine()) };
    await expect(many(tooMany)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
  });

  it('opens logs of detectors of flows only', () => {
    expect(() => scoring.openLog('url', 'none')).toThrow(RequestInvalidError);
  });

  it('gives the same verdicts to flows and to records, whatever was scored before', async () => {
    const before = await many({ flows: probes });
    for (const record of probes) await one({ record });
    const [flows, records] = [await many({ flows: probes }), await many({ records: probes })];
    const withoutIds = ({ verdicts, hosts }: FlowVerdictsDto): object => ({
      verdicts: verdicts.map((verdict) => ({ ...verdict, id: '' })),
      hosts,
    });
    expect(withoutIds(flows)).toEqual(withoutIds(before));
    expect(withoutIds(records)).toEqual(withoutIds(before));
    expect(flows.hosts.map(({ kind, count }) => [kind, count])).toEqual([['vertical-scan', 60]]);
  });

  it('calls each flow of a scan at least suspicious, says what it is part of, and keeps what the model says', async () => {
    const { verdicts } = await many({ flows: probes }, {}, scoringWith(null, flowVersion(4, 0.2)));
    for (const verdict of verdicts) {
      expect(verdict).toMatchObject({
        verdict: 'suspicious',
        modelVerdict: 'benign',
        decidedBy: 'finding',
        probability: 0.2,
        findings: [{ kind: 'vertical-scan', host: '10.0.0.2', count: 60 }],
      });
      expect(verdict.reasons[0]).toMatchObject({
        feature: 'finding',
        value: 'vertical-scan',
        contribution: null,
        text: expect.stringContaining('10.0.0.2 scans ports'),
      });
    }
    const [flagged] = (await many({ flows: probes })).verdicts;
    expect(flagged).toMatchObject({ verdict: 'malicious', modelVerdict: 'malicious', decidedBy: 'model' });
    const few = await many({ flows: probes.slice(0, 6) }, {}, scoringWith(null, flowVersion(4, 0.2)));
    for (const verdict of few.verdicts) {
      expect(verdict).toMatchObject({ verdict: 'benign', decidedBy: 'model' });
      expect(verdict).not.toHaveProperty('findings');
    }
  });
});

describe('a trial of a challenger of flows', () => {
  const body = { flows: Array.from({ length: 40 }, (_, i) => connLine({ ts: 1000 + i, uid: `C${i}` })) };

  it('lets a canary answer its share, each flow in the context of all of the request', async () => {
    const { verdicts } = await many(body, {}, scoringWith({ share: 0.5 }));
    const probabilities = { champion: 0.9, challenger: 0.7 };
    for (const { model, probability } of verdicts) expect(probability).toBe(probabilities[model.servedBy]);
    const canaries = verdicts.filter(({ model }) => model.version === 5).length;
    expect(Math.abs(canaries - 20)).toBeLessThan(16);
  });

  it('keeps a client with one version', async () => {
    const tried = scoringWith({ share: 0.5 });
    for (const canaryKey of ['a', 'b', 'c', 'd']) {
      const { verdicts } = await many(body, { canaryKey }, tried);
      expect(new Set(verdicts.map(({ model }) => model.version)).size).toBe(1);
    }
  });

  it('publishes what the challenger says in the shadow, in the same context, with the place in the request', async () => {
    const tried = scoringWith({ mode: 'shadow' });
    const publishing = firstValueFrom(tried.scored);
    const { verdicts } = await many(body, {}, tried);
    const scored = await publishing;
    expect(scored.map(({ id }) => id)).toEqual(verdicts.map(({ id }) => id));
    expect(scored[7]).toMatchObject({
      version: 4,
      probability: 0.9,
      context: 'request',
      request: { place: 7, size: 40 },
      shadow: { version: 5, probability: 0.7 },
    });
    expect(new Set(scored.map(({ request }) => request!.id)).size).toBe(1);
  });
});
