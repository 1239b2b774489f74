import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { RequestInvalidError } from './errors.js';
import { UploadBrokenOffError } from './upload.errors.js';

/** The one file of a form. */
export interface FormFile {
  /** As its sender calls it, without folders. */
  readonly name: string;
  /** Its bytes. They end with an error where the form does not end as it should, or holds a second file. */
  readonly stream: Readable;
}

const secondFile =
  'is a second file; send one a request (sending the first alone adds what is missing of it)';

/** Far more than the headers of a part take. */
const mostHeaderBytes = 8 * 1024;
/** Fields before the file are read over; more of them are no upload of a file. */
const mostOtherBytes = 64 * 1024;

/**
 * The file of a body of `multipart/form-data` (RFC 7578). Whatever is wrong with the form reaches who reads the file as
 * an error, and a form that ends before its closing boundary is never taken for a whole one.
 * @throws RequestInvalidError for a form without a file; UploadBrokenOffError for one that ends before its file
 */
export async function openForm(body: AsyncIterable<Buffer>, contentType: string): Promise<FormFile> {
  const form = formOf(contentType);
  return await new Promise((resolve, reject) => {
    let file: Readable | null = null;
    let second: RequestInvalidError | null = null;
    const bytes = untilFile(body, () => file !== null);
    const whole = pipeline(bytes, form).catch((error: Error) => {
      throw second ?? faultOf(error);
    });
    whole.then(
      () => reject(invalid('file', 'send the file as a multipart part')),
      (error: Error) => {
        // The first file of two has come to its end and may be read to it.
        if (second === null) file?.destroy(error);
        reject(error);
      },
    );
    form.once('prefinish', () => void giveUp(form, file));
    form.on('file', (field, part, name) => {
      // The error of the form says it, to whoever reads.
      part.on('error', () => undefined);
      if (file !== null) {
        second = invalid(field || 'file', secondFile);
        form.destroy(second);
        return;
      }
      file = part;
      const stream = Readable.from(bytesOf(part, whole), { objectMode: false });
      resolve({ name: name?.slice(0, 255) || 'file', stream: stream.once('close', () => form.destroy()) });
    });
  });
}

/** @throws what is wrong with the form, behind the last byte at the latest */
async function* bytesOf(part: Readable, whole: Promise<void>): AsyncGenerator<Buffer> {
  try {
    for await (const piece of part) yield piece as Buffer;
  } catch (error) {
    await whole;
    throw error;
  }
  await whole;
}

/** The parser waits for ever for the end of some broken forms, though all bytes have come and the file has been read. */
async function giveUp(form: BusboyInstance, file: Readable | null): Promise<void> {
  if (file !== null) await finished(file).catch(() => undefined);
  await nextTurn();
  form.destroy(invalid('file', 'the form cannot be taken apart at its boundaries'));
}

/** The body as it comes, until so much of it has come without a file that it can be no upload of one. */
async function* untilFile(body: AsyncIterable<Buffer>, hasFile: () => boolean): AsyncGenerator<Buffer> {
  let left = mostOtherBytes;
  for await (let piece of body) {
    for (; !hasFile() && piece.length > 0; piece = piece.subarray(mostHeaderBytes)) {
      if (left <= 0) throw invalid('file', `there are more than ${mostOtherBytes} bytes before the file`);
      const next = piece.subarray(0, mostHeaderBytes);
      left -= next.length;
      yield next;
    }
    if (piece.length > 0) yield piece;
  }
}

/** The parser's own error for a body that ends before its closing boundary is a plain one. */
function faultOf(error: Error): Error {
  const isCutOff = error.message === 'Unexpected end of multipart data';
  return isCutOff ? new UploadBrokenOffError('the form has no closing boundary') : error;
}

/** @throws RequestInvalidError for a type without a boundary */
function formOf(contentType: string): BusboyInstance {
  try {
    const limits = { headerSize: mostHeaderBytes, fieldSize: mostOtherBytes };
    const form = new Busboy({ headers: { 'content-type': contentType }, limits });
    return form.on('error', () => undefined);
  } catch {
    throw invalid('content-type', 'names no boundary; a form is multipart/form-data; boundary=...');
  }
}

function invalid(path: string, message: string): RequestInvalidError {
  return new RequestInvalidError([{ path, message }]);
}
