import { OperatorError } from '@strake/api';
import type { Compression } from './compression-of';

/** Compressed bytes that do not decompress. */
export function damaged(compression: Compression, shown: string, cause?: unknown): OperatorError {
  return new OperatorError('IMAGE_INVALID', `${shown} is damaged: it does not decompress as ${compression}`, cause === undefined ? {} : { cause });
}
