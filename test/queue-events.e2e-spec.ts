import { get, type IncomingMessage } from 'node:http';
import request from 'supertest';
import { eventually, type Server } from './support/program.js';
import { type Body, endOf, order, TinyQueue } from './support/queue.js';

interface ReceivedEvent {
  readonly id: number;
  readonly event: string;
  readonly data: Body;
}

/** A reader of a run's events, until the stream ends or breaks. */
class Listener {
  readonly reported: ReceivedEvent[] = [];
  status = 0;
  private text = '';
  private over!: () => void;
  readonly ended = new Promise<void>((resolve) => (this.over = resolve));

  constructor(server: Server, run: string, lastEvent?: number) {
    const headers = lastEvent === undefined ? {} : { 'last-event-id': lastEvent };
    get(`${server.url}/v1/training-runs/${run}/events`, { headers }, (answer) => this.listen(answer)).on(
      'error',
      this.over,
    );
  }

  get last(): number {
    return this.reported.at(-1)?.id ?? 0;
  }

  private listen(answer: IncomingMessage): void {
    this.status = answer.statusCode!;
    answer.setEncoding('utf8').on('error', this.over).on('close', this.over);
    answer.on('data', (text: string) => {
      const blocks = (this.text + text).split('\n\n');
      this.text = blocks.pop()!;
      for (const block of blocks) this.hear(block);
    });
  }

  private hear(block: string): void {
    const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/, 2)));
    if (!fields.id) return;
    this.reported.push({ id: Number(fields.id), event: fields.event, data: JSON.parse(fields.data) as Body });
  }
}

describe('the events of a training run', () => {
  const queue = new TinyQueue();
  let api: Server;
  let other: Server;

  beforeAll(async () => {
    await queue.prepare();
    [api, other] = await Promise.all([queue.start('api'), queue.start('api'), queue.start('worker')]);
  });
  afterAll(() => queue.remove());

  it('go on in another process, behind the last one that the reader has, when theirs dies', async () => {
    const { id } = await order(api, { candidates: ['quick'] });
    const first = new Listener(api, id);
    await eventually(() => Promise.resolve(first.reported.some(({ data }) => data.stage === 'ingestion')));
    await api.stop('SIGKILL');
    await first.ended;
    const second = new Listener(other, id, first.last);
    await second.ended;

    const reported = [...first.reported, ...second.reported];
    const ids = reported.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    const stored = await queue.withDatabase((db) =>
      db.collection('run_events').find({ run: id }).sort({ seq: 1 }).toArray(),
    );
    expect(ids).toEqual(stored.map(({ seq }) => seq as number));
    expect(reported[0]).toMatchObject({ id: 1, event: 'status', data: { status: 'queued' } });
    expect(reported.at(-1)).toMatchObject({ event: 'status', data: { status: 'succeeded', version: 1 } });
    const finished = reported.filter(({ event, data }) => event === 'stage' && data.status === 'succeeded');
    expect(finished.map(({ data }) => data.stage as string)).toEqual([
      'ingestion',
      'validation',
      'transformation',
      'training',
      'evaluation',
      'registration',
    ]);
    await request(other.url)
      .get(`/v1/training-runs/${id}/events`)
      .set('last-event-id', String(second.last))
      .expect(204);
  });

  it('are reported from the beginning to who comes late, and end', async () => {
    const { id } = await order(other, { candidates: ['quick'], promote: 'never' });
    await endOf(other, id);
    const late = new Listener(other, id);
    await late.ended;
    expect([late.status, late.reported[0].id]).toEqual([200, 1]);
    expect(late.reported.at(-1)!.data).toMatchObject({ status: 'succeeded', version: 2 });
  });

  it('tell progress, but not more than twice a second', async () => {
    const { id } = await order(other, { candidates: ['endless'] });
    const listener = new Listener(other, id);
    const progress = (): ReceivedEvent[] =>
      listener.reported.filter(({ event, data }) => event === 'progress' && data.stage === 'training');
    await eventually(() => Promise.resolve(progress().length >= 3));
    await request(other.url).post(`/v1/training-runs/${id}/cancel`).expect(202);
    await listener.ended;
    expect(listener.reported.at(-1)!.data).toMatchObject({ status: 'cancelled' });
    const times = progress().map(({ data }) => Date.parse(data.at as string));
    expect(times[2] - times[0]).toBeGreaterThan(800);
    expect(progress()[0].data.progress).toBeLessThan(progress()[2].data.progress as number);
  });

  it('are those of runs that there are', async () => {
    await request(other.url).get('/v1/training-runs/none/events').expect(404);
    const { id } = await order(other, { unlessUnchanged: true });
    await request(other.url).get(`/v1/training-runs/${id}/events`).set('last-event-id', 'x').expect(400);
  });

  it('do not keep a process from stopping', async () => {
    const { id } = await order(other, { candidates: ['endless'] });
    const listener = new Listener(other, id);
    await eventually(() => Promise.resolve(listener.reported.length > 1));
    const asked = Date.now();
    await other.stop();
    expect(Date.now() - asked).toBeLessThan(8000); // Connections are ended after 10 s.
    await listener.ended;
  });
});
