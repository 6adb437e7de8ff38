import type { Digest } from '@strake/api';
import { OperatorError } from '@strake/api';
import { createHash } from 'node:crypto';

const SHA256 = /^sha256:[0-9a-f]{64}$/;

/** The sha256 digest of some bytes. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Whether a text is a digest as strake keeps them: sha256 only, 64 lower-case hexadecimal digits. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && SHA256.test(text);
}

/** Checks a digest that came from outside. Throws IMAGE_INVALID; no unchecked digest may become part of a path. */
export function parseDigest(text: unknown): Digest {
  if (isDigest(text)) return text;
  throw new OperatorError('IMAGE_INVALID', `invalid digest ${JSON.stringify(text)}`, {
    hint: 'A digest is "sha256:" and 64 lower-case hexadecimal digits; other algorithms are not supported.',
  });
}

/** The digits of a digest: its file name in a layout and in the store. */
export function hexOf(digest: Digest): string {
  return parseDigest(digest).slice('sha256:'.length);
}

/** The digest of hexadecimal digits. Throws IMAGE_INVALID. */
export function digestOfHex(hex: string): Digest {
  return parseDigest(`sha256:${hex}`);
}
