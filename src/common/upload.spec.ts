import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { uploadOf } from './upload.js';

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
