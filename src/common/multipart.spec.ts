import { Readable } from 'node:stream';
import { type FormFile, openForm } from './multipart.js';

const type = 'multipart/form-data; boundary=----x1';
const content = `a,b\r\n1,2\r\n--\r\n-----x\r\n${'3,4\r\n'.repeat(40)}`;
const part = (headers: string, text: string): string => `------x1\r\n${headers}\r\n\r\n${text}\r\n`;
const file = part(
  'Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv',
  content,
);
const field = part('content-disposition: form-data; name="note"', 'of May');
const end = '------x1--\r\n';

const pieces = (text: string, size = 65_536): Buffer[] => {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
};
const open = (text: string, size?: number, contentType = type): Promise<FormFile> =>
  openForm(Readable.from(pieces(text, size)), contentType);

async function read(text: string, size?: number): Promise<{ name: string; content: string }> {
  const { name, stream } = await open(text, size);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return { name, content: Buffer.concat(chunks).toString() };
}

describe('the file of a form', () => {
  it.each([1, 2, 3, 7, 59, 65_536])('is read however it is cut, in pieces of %d bytes', async (size) => {
    const whole = { name: 'a.csv', content };
    expect(await read(file + end, size)).toEqual(whole);
    expect(await read(field + file + field + end, size)).toEqual(whole);
    expect(await read(`preamble\r\n${file}------x1--`, size)).toEqual(whole);
    expect(await read(`${file}------x1-- \r\nepilogue`, size)).toEqual(whole);
  });

  it('may be empty, and large', async () => {
    const headers = 'content-disposition: form-data; name=f; filename=b';
    expect(await read(part(headers, '') + end)).toEqual({ name: 'b', content: '' });
    const large = '0123456789\r\n'.repeat(100_000);
    expect(await read(part(headers, large) + end, 60_000)).toEqual({ name: 'b', content: large });
  });

  it('of a form that ends anywhere before its closing boundary is broken off', async () => {
    const whole = field + file + end.trimEnd();
    for (let length = 0; length < whole.length; length++) {
      await expect(read(whole.slice(0, length), 1 + (length % 100))).rejects.toMatchObject({
        code: 'UPLOAD_BROKEN_OFF',
      });
    }
  });

  it.each([
    ['form-data; name="file"; filename="C:\\data\\May.csv"', 'May.csv'],
    ['form-data; name="file"; filename="../../etc/passwd"', 'passwd'],
    ['form-data; name="file"; filename="say \\"no\\".csv"', 'say "no".csv'],
    [`form-data; name="file"; filename*=UTF-8''na%C3%AFve.csv`, 'naïve.csv'],
    // Forms may not have the second one (RFC 7578, 4.2); it stands in for the first at most.
    [`form-data; name="file"; filename="x"; filename*=UTF-8''na%C3%AFve.csv`, 'x'],
    [`form-data; name="file"; filename="x"; filename*=UTF-8''%E0%A4%A`, 'x'],
    ['form-data; name="file"; filename="naïve.csv"', 'naïve.csv'],
    ['form-data; name="file"; filename=""', 'file'],
    ['FORM-DATA ; filename=a.csv', 'a.csv'],
  ])('has the name of %s', async (disposition, name) => {
    expect((await read(part(`Content-Disposition: ${disposition}`, 'x') + end, 5)).name).toBe(name);
  });

  it('needs no name where it is octets', async () => {
    const headers = 'Content-Disposition: form-data; name="file"\r\nContent-Type: application/octet-stream';
    expect(await read(part(headers, 'x') + end)).toEqual({ name: 'file', content: 'x' });
  });

  it.each([
    ['no boundary in its type', file + end, 'multipart/form-data', 'content-type'],
    ['no part', end, type, 'file'],
    ['a preamble only', 'preamble\r\n------x1--\r\n------x1--', type, 'file'],
    ['fields only', field + field + end, type, 'file'],
    ['a part without headers', `------x1\r\n\r\nx\r\n${end}`, type, 'file'],
    ['rubbish behind a boundary', `${field}------x1rubbish\r\n${end}`, type, 'file'],
    ['headers without end', part(`x: ${'y'.repeat(10_000)}`, 'x') + end, type, 'file'],
    ['more beside its file than a file', field.replace('May', 'y'.repeat(70_000)) + file + end, type, 'file'],
    ['a preamble without end', `${'y'.repeat(70_000)}\r\n${file}${end}`, type, 'file'],
  ])('is asked for in a form with %s', async (_, text, contentType, path) => {
    await expect(open(text, 60_000, contentType)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      errors: [{ path }],
    });
  });

  it('is refused behind its end where a second one follows', async () => {
    const second = part('content-disposition: form-data; name="more"; filename="b.csv"', 'x');
    await expect(read(file + second + end)).rejects.toMatchObject({ errors: [{ path: 'more' }] });
  });

  it('is pulled no further than a few pieces ahead of its reader', async () => {
    let pulled = 0;
    const piece = Buffer.from('0123456789\r\n'.repeat(5000));
    async function* body(): AsyncGenerator<Buffer> {
      yield Buffer.from(file.slice(0, -10));
      for (; pulled < 200; pulled++) yield await Promise.resolve(piece);
      yield Buffer.from(`\r\n${end}`);
    }
    const { stream } = await openForm(body(), type);
    await new Promise((later) => setTimeout(later, 50));
    expect(pulled).toBeLessThan(5);
    let length = 0;
    for await (const chunk of stream) length += (chunk as Buffer).length;
    expect([pulled, length > 200 * piece.length]).toEqual([200, true]);
  });

  it('ends with the error of a body whose sender goes away', async () => {
    async function* body(): AsyncGenerator<Buffer> {
      yield Buffer.from(file);
      yield await Promise.reject(new Error('gone'));
    }
    const { stream } = await openForm(body(), type);
    await expect(stream.toArray()).rejects.toThrow('gone');
  });

  it('lets go of the body when nobody wants it, before its first byte too', async () => {
    const body = Readable.from(pieces(file + end, 50));
    const { stream } = await openForm(body, type);
    stream.destroy();
    await new Promise((closed) => body.once('close', closed));
    expect(body.destroyed).toBe(true);
  });
});
