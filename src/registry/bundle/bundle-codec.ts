import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../../common/json-text.js';
import { type FileKind, seal, unseal } from '../../ml/codec/envelope.js';
import { decodeModelState, encodeModelState } from '../../ml/codec/model-codec.js';
import { type ModelState, ModelStateError } from '../../ml/learner.js';
import { BundleDamagedError } from '../registry.errors.js';
import type { ModelBundle } from './bundle.js';
import { bundleHeaderSchema } from './bundle-header.js';
import type { NoveltyState } from './novelty.js';

/**
 * The file form of a bundle: an envelope around
 * - uint32 how many bytes the header has, little-endian,
 * - the header: the bundle without its models as JSON, in the clear so that any tool can read it,
 * - the model's file,
 * - where the header has novelty, the file of its isolation forest.
 *
 * The same bundle always gives the same bytes (with the same zlib).
 */
const kind: FileKind = { magic: 'NWBNDL', version: 2, name: 'model bundle' };

export function encodeBundle({ model, novelty, ...rest }: ModelBundle): Buffer {
  const forest = novelty ? encodeModelState(novelty.model) : Buffer.alloc(0);
  const described = novelty && { rows: novelty.rows, quantiles: novelty.quantiles, bytes: forest.length };
  const header = Buffer.from(JSON.stringify({ ...rest, novelty: described }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return seal(kind, Buffer.concat([length, header, encodeModelState(model), forest]));
}

/**
 * The bundle, with its model still taken apart: `ScoringModel.verified` puts it together.
 * @throws BundleDamagedError when the bytes are not a whole, undamaged bundle of this format version
 */
export function decodeBundle(bytes: Uint8Array): ModelBundle {
  try {
    const content = unseal(kind, bytes);
    const headerEnd = content.length < 4 ? Infinity : 4 + content.readUInt32LE();
    if (headerEnd > content.length) throw new BundleDamagedError('its header is cut off');
    const { novelty, ...header } = readHeader(content.subarray(4, headerEnd));
    const modelEnd = content.length - (novelty?.bytes ?? 0);
    if (modelEnd < headerEnd) throw new BundleDamagedError('its isolation forest is cut off');
    const model = decodeModelState(content.subarray(headerEnd, modelEnd)) as ModelState;
    if (!novelty) return { ...header, model };
    const forest = decodeModelState(content.subarray(modelEnd)) as NoveltyState['model'];
    const { rows, quantiles } = novelty;
    return { ...header, model, novelty: { model: forest, rows, quantiles } };
  } catch (error) {
    if (error instanceof ModelStateError) throw new BundleDamagedError(error.message);
    throw error;
  }
}

/** sha256 in hex: a bundle's name in the artifact store. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

interface Header extends Omit<ModelBundle, 'model' | 'novelty'> {
  readonly novelty?: Omit<NoveltyState, 'model'> & { readonly bytes: number };
}

function readHeader(bytes: Buffer): Header {
  const json = parseHeader(bytes);
  const checked = bundleHeaderSchema.safeParse(json);
  if (!checked.success)
    throw new BundleDamagedError(`its header is wrong: ${z.prettifyError(checked.error)}`);
  return { ...(json as Header), contract: checked.data.contract };
}

function parseHeader(bytes: Buffer): unknown {
  try {
    return parseJson(bytes.toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new BundleDamagedError('its header cannot be read');
  }
}
