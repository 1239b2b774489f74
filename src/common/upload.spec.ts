import { PassThrough, Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { type Upload, uploadOf } from './upload.js';

describe('what a request carries', () => {
  const request = (parts: object): FastifyRequest => ({ headers: {}, ...parts }) as unknown as FastifyRequest;

  async function textOf(upload: Upload): Promise<string> {
    let text = '';
    for await (const chunk of (upload as { stream: Readable }).stream) text += String(chunk);
    return text;
  }

  it.each([
    ['text/csv', 'csv'],
    ['TEXT/CSV; charset=utf-8', 'csv'],
    ['application/x-ndjson', 'ndjson'],
    ['application/octet-stream', undefined],
    ['text/plain', undefined],
  ])('is a stream of %s', async (type, format) => {
    const body = Readable.from([Buffer.from('a\n'), Buffer.from('1\n')]);
    const headers = { 'content-type': type, 'content-length': '12' };
    const upload = await uploadOf(request({ body, headers }));
    expect(upload).toEqual({
      kind: 'stream',
      name: 'request',
      stream: expect.any(Readable),
      announced: 12,
      ...(format && { format }),
    });
    expect(await textOf(upload)).toBe('a\n1\n');
  });

  it('has no announced length where the sender names none', async () => {
    expect(await uploadOf(request({ body: Readable.from([]) }))).toMatchObject({ announced: NaN });
  });

  it('is a file of a form, under its name', async () => {
    const form = '--b\r\ncontent-disposition: form-data; name="f"; filename="a.csv"\r\n\r\na\n1\r\n--b--';
    const headers = { 'content-type': 'Multipart/Form-Data; boundary=b' };
    const upload = await uploadOf(request({ body: Readable.from([Buffer.from(form)]), headers }));
    expect(upload).toMatchObject({ kind: 'stream', name: 'a.csv', announced: NaN });
    expect(await textOf(upload)).toBe('a\n1');
  });

  it('is broken off where the connection ends', async () => {
    const body = new PassThrough();
    const upload = await uploadOf(request({ body, headers: { 'content-type': 'text/csv' } }));
    body.write('a\n');
    const text = textOf(upload);
    body.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
    await expect(text).rejects.toMatchObject({ code: 'UPLOAD_BROKEN_OFF' });
  });

  it('is broken off where the connection has ended before it is looked at', async () => {
    const body = new PassThrough().destroy();
    const upload = await uploadOf(request({ body, headers: { 'content-type': 'text/csv' } }));
    await expect(textOf(upload)).rejects.toMatchObject({ code: 'UPLOAD_BROKEN_OFF' });
  });

  it('ends with an error of another kind as it is', async () => {
    const body = new PassThrough();
    const text = textOf(await uploadOf(request({ body, headers: { 'content-type': 'text/csv' } })));
    body.destroy(new Error('out of order'));
    await expect(text).rejects.toThrow('out of order');
  });

  it('is read on and thrown away when its reader leaves', async () => {
    const body = Readable.from(Array.from({ length: 40 }, () => Buffer.alloc(65_536)));
    const ended = new Promise((resolve) => body.once('end', resolve));
    const { stream } = (await uploadOf(request({ body }))) as { stream: Readable };
    for await (const chunk of stream) if (chunk) break;
    await ended;
  });

  it('is else the records of its body', async () => {
    expect(await uploadOf(request({ body: { record: { a: 1 } } }))).toEqual({
      kind: 'records',
      records: [{ a: 1 }],
    });
  });
});
