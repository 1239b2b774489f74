import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { type InputFault, RequestInvalidError } from './errors.js';
import { recordPath, recordsOf, uploadOf } from './upload.js';

function faultsOf(body: unknown): readonly InputFault[] {
  try {
    recordsOf(body);
  } catch (error) {
    if (error instanceof RequestInvalidError) return error.errors;
    throw error;
  }
  throw new Error('the body was taken');
}

describe('the records of a JSON body', () => {
  it('are one or several', () => {
    expect(recordsOf({ record: { a: 1 } })).toEqual([{ a: 1 }]);
    expect(recordsOf({ records: [{ a: 1 }, {}] })).toEqual([{ a: 1 }, {}]);
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [7],
    [[{ a: 1 }]],
    [{}],
    [{ records: [] }],
    [{ records: { a: 1 } }],
  ])('are not in %j', (body) => {
    expect(faultsOf(body)).toEqual([
      { path: 'records', message: 'must be an array with at least one record' },
    ]);
  });

  it('are objects, named by their place', () => {
    const message = 'must be an object of feature names and values';
    expect(faultsOf({ records: [{}, null, [], 'a'] })).toEqual(
      [1, 2, 3].map((i) => ({ path: `records[${i}]`, message })),
    );
    expect(faultsOf({ record: null })).toEqual([{ path: 'record', message }]);
    expect(faultsOf({ records: new Array(500).fill(1) })).toHaveLength(100);
  });

  it('are not sent both ways at once', () => {
    expect(faultsOf({ record: {}, records: [{}] })).toEqual([
      { path: 'record', message: 'stands beside records; send one of the two' },
    ]);
  });

  it('stand where recordPath says', () => {
    expect(recordPath({ record: {} }, 0)).toBe('record');
    expect(recordPath({ records: [{}, {}] }, 1)).toBe('records[1]');
  });
});

describe('what a request carries', () => {
  const request = (parts: object): FastifyRequest =>
    ({ headers: {}, isMultipart: () => false, ...parts }) as unknown as FastifyRequest;

  const filesOf = (...files: object[]): AsyncIterator<object> => Readable.from(files)[Symbol.asyncIterator]();

  it.each([
    ['text/csv', 'csv'],
    ['TEXT/CSV; charset=utf-8', 'csv'],
    ['application/x-ndjson', 'ndjson'],
    ['application/octet-stream', undefined],
    ['text/plain', undefined],
  ])('is a stream of %s', async (type, format) => {
    const body = Readable.from([]);
    const headers = { 'content-type': type, 'content-length': '12' };
    const upload = await uploadOf(request({ body, headers }));
    expect(upload).toEqual({
      kind: 'stream',
      name: 'request',
      stream: body,
      announced: 12,
      ...(format && { format }),
    });
  });

  it('has no announced length where the sender names none', async () => {
    expect(await uploadOf(request({ body: Readable.from([]) }))).toMatchObject({ announced: NaN });
  });

  it('is a file of a form, under its name', async () => {
    const file = Readable.from([]);
    const form = request({
      isMultipart: () => true,
      files: () => filesOf({ filename: 'a.csv', file }),
    });
    const upload = await uploadOf(form);
    expect(upload).toMatchObject({ kind: 'stream', name: 'a.csv', stream: file, announced: NaN });
    await expect((upload as { afterLast(): Promise<void> }).afterLast()).resolves.toBeUndefined();
  });

  it('is refused behind the first file where a form has a second one', async () => {
    const second = { fieldname: 'more', filename: 'b.csv', file: Readable.from([]) };
    const form = request({
      isMultipart: () => true,
      files: () => filesOf({ filename: 'a.csv', file: Readable.from([]) }, second),
    });
    const upload = (await uploadOf(form)) as { afterLast(): Promise<void> };
    await expect(upload.afterLast()).rejects.toMatchObject({ errors: [{ path: 'more' }] });
  });

  it('is refused where a form has no boundary', async () => {
    const form = request({
      isMultipart: () => true,
      files: () => ({ next: () => Promise.reject(new Error('Multipart: Boundary not found')) }),
    });
    await expect(uploadOf(form)).rejects.toMatchObject({ errors: [{ path: 'content-type' }] });
  });

  it('is refused where a form has no file', async () => {
    const form = request({ isMultipart: () => true, files: () => filesOf() });
    await expect(uploadOf(form)).rejects.toMatchObject({ errors: [{ path: 'file' }] });
  });

  it('is else the records of its body', async () => {
    expect(await uploadOf(request({ body: { record: { a: 1 } } }))).toEqual({
      kind: 'records',
      records: [{ a: 1 }],
    });
  });
});
