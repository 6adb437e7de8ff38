import { OperatorError } from '@strake/api';

const DEFAULT_LIMIT = 2 ** 30;
const RATIO = 1000;
const UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** What is known of a compressed layer before it is decompressed. */
export interface Expansion {
  /** Bytes, compressed. */
  readonly packed: number;
  /** For messages: what is decompressed. */
  readonly shown: string;
  /** Where STRAKE_LAYER_LIMIT is looked up; this process's by default. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Passes decompressed bytes on until they are more than 1,000 times the compressed ones and more than `STRAKE_LAYER_LIMIT` (bytes, or with k, m,
 * g, t; 1g by default): what grows so much is made to fill disks. Throws IMAGE_INVALID there, and USAGE for a limit that is no size.
 */
export async function* limitExpansion(chunks: AsyncIterable<Buffer>, { packed, shown, env = process.env }: Expansion): AsyncGenerator<Buffer, void, undefined> {
  const limit = layerLimit(env);
  const most = Math.max(limit, packed * RATIO);
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > most) throw tooLarge(shown, packed, limit);
    yield chunk;
  }
}

function layerLimit({ STRAKE_LAYER_LIMIT: text = '' }: NodeJS.ProcessEnv): number {
  if (text === '') return DEFAULT_LIMIT;
  const [, number, unit = ''] = /^(\d{1,15})([kmgt]?)b?$/i.exec(text) ?? [];
  if (number === undefined) throw new OperatorError('USAGE', `STRAKE_LAYER_LIMIT: "${text}" is no size`, { hint: 'Write bytes, or a number with k, m, g or t: 4g.' });
  return Number(number) * (UNITS[unit.toLowerCase()] ?? 1);
}

function tooLarge(shown: string, packed: number, limit: number): OperatorError {
  return new OperatorError('IMAGE_INVALID', `${shown} has ${packed} bytes but decompresses to more than ${limit}, and more than ${RATIO} times its size`, {
    hint: 'It may be made to fill the disk. If you trust it, raise the limit: STRAKE_LAYER_LIMIT=8g.',
  });
}
