import { Readable } from 'node:stream';
import { RequestInvalidError } from './errors.js';
import { UploadBrokenOffError } from './upload.errors.js';

/** The one file of a form. */
export interface FormFile {
  /** As its sender calls it, without folders. */
  readonly name: string;
  /** Its bytes. They end with an error where the form does not end as it should, or holds a second file. */
  readonly stream: Readable;
}

/** Far more than the headers of a part take. */
const mostHeaderBytes = 8 * 1024;
/** Fields besides the file are read over; more of them are no upload of a file. */
const mostOtherBytes = 64 * 1024;

/**
 * The file of a body of `multipart/form-data` (RFC 7578). A form is pulled, so that whatever is wrong with it reaches
 * who reads it as an error, and one that ends before its closing boundary is never taken for a whole one.
 * @throws RequestInvalidError for a form without a file; UploadBrokenOffError for one that ends before its file
 */
export async function openForm(body: AsyncIterable<Buffer>, contentType: string): Promise<FormFile> {
  const reader = new FormReader(body, boundaryOf(contentType));
  try {
    await reader.skipTo('a boundary');
    const file = await nextFile(reader);
    if (file === null) throw invalid('file', 'send the file as a multipart part');
    const stream = Readable.from(fileBytes(reader), { objectMode: false });
    // A generator that was never started has no end of its own.
    return { name: file.name, stream: stream.once('close', () => void reader.close()) };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

async function* fileBytes(reader: FormReader): AsyncGenerator<Buffer> {
  yield* reader.content();
  const second = await nextFile(reader);
  if (second === null) return;
  const message = 'is a second file; send one a request (sending the first alone adds what is missing of it)';
  throw invalid(second.field, message);
}

/** Reads fields over. Null behind the last part. */
async function nextFile(reader: FormReader): Promise<PartHead | null> {
  while (await reader.hasPart()) {
    const head = partHead(await reader.headers());
    if (head.isFile) return head;
    await reader.skipTo('the end of a field');
  }
  return null;
}

interface PartHead {
  readonly field: string;
  readonly name: string;
  readonly isFile: boolean;
}

/** A body taken apart at its boundaries. */
class FormReader {
  private readonly bytes: AsyncIterator<Buffer>;
  private readonly delimiter: Buffer;
  /** The first boundary is a line of its own too, though nothing stands before it. */
  private held = Buffer.from('\r\n');
  private skipped = 0;

  constructor(body: AsyncIterable<Buffer>, boundary: string) {
    this.bytes = body[Symbol.asyncIterator]();
    this.delimiter = Buffer.from(`\r\n--${boundary}`);
  }

  /** What comes before the next boundary, which is read too. */
  async *content(): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.held.indexOf(this.delimiter);
      // The last bytes may be the beginning of a boundary.
      const known = at === -1 ? Math.max(0, this.held.length - this.delimiter.length + 1) : at;
      const piece = this.held.subarray(0, known);
      this.held = this.held.subarray(at === -1 ? known : at + this.delimiter.length);
      if (piece.length > 0) yield piece;
      if (at !== -1) return;
      await this.more();
    }
  }

  async skipTo(what: string): Promise<void> {
    for await (const { length } of this.content()) {
      if ((this.skipped += length) > mostOtherBytes) {
        throw invalid('file', `there are more than ${mostOtherBytes} bytes beside the file, before ${what}`);
      }
    }
  }

  /** Whether a part follows a boundary; else the form ends with it. */
  async hasPart(): Promise<boolean> {
    const problem = 'a boundary is followed by neither a part nor --';
    const mark = (await this.upTo(/^[ \t]*(?:--|(?=\r\n)|-[^-]|\r[^\n]|[^-\r \t])/, problem)).trim();
    if (mark !== '' && mark !== '--') throw invalid('file', problem);
    return mark === '';
  }

  /** A part's header lines, each with the line end before it. */
  headers(): Promise<string> {
    return this.upTo(/^[^]*?(?=\r\n\r\n)\r\n\r\n/, 'the headers of a part are too long');
  }

  async close(): Promise<void> {
    await this.bytes.return?.();
  }

  private async upTo(pattern: RegExp, problem: string): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.held.toString('latin1', 0, mostHeaderBytes))?.[0];
      if (found !== undefined) {
        const text = this.held.toString('utf8', 0, found.length);
        this.held = this.held.subarray(found.length);
        return text;
      }
      if (this.held.length >= mostHeaderBytes) throw invalid('file', problem);
      await this.more();
    }
  }

  private async more(): Promise<void> {
    const next = await this.bytes.next();
    if (next.done) throw new UploadBrokenOffError('the form has no closing boundary');
    this.held = Buffer.concat([this.held, next.value]);
  }
}

function boundaryOf(contentType: string): string {
  const found = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  if (found) return found[1] ?? found[2];
  throw invalid('content-type', 'names no boundary; a form is multipart/form-data; boundary=...');
}

function partHead(headers: string): PartHead {
  const disposition = /\r\ncontent-disposition:[ \t]*form-data[ \t]*;([^\r\n]*)/i.exec(headers)?.[1] ?? '';
  const parameters = new Map<string, string>();
  for (const [, name, quoted, bare] of disposition.matchAll(
    /(?<![\w*-])([\w*-]+)=(?:"((?:\\"|[^"])*)"|([^\s;"]*))/g,
  )) {
    parameters.set(name.toLowerCase(), quoted?.replaceAll('\\"', '"') ?? bare);
  }
  const name = extended(parameters.get('filename*')) ?? parameters.get('filename');
  const octets = /\r\ncontent-type:[ \t]*application\/octet-stream[ \t]*(?:;|\r\n)/i.test(headers);
  return {
    field: parameters.get('name') ?? 'file',
    // Old browsers send whole paths.
    name: (name ?? 'file').replace(/^.*[/\\]/s, '').slice(0, 255) || 'file',
    isFile: name !== undefined || octets,
  };
}

/** A value as RFC 8187 writes it: `UTF-8''na%C3%AFve.csv`. */
function extended(value: string | undefined): string | undefined {
  const encoded = /^utf-8'[^']*'(.*)$/i.exec(value ?? '')?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function invalid(path: string, message: string): RequestInvalidError {
  return new RequestInvalidError([{ path, message }]);
}
