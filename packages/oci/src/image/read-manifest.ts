import type { Descriptor, ImageConfigFile } from '@strake/api';
import { OperatorError } from '@strake/api';
import { isDigest } from '../digest';

/** An image manifest, OCI's or Docker's (image-spec manifest.md). */
export interface Manifest {
  readonly mediaType?: string;
  readonly config: Descriptor;
  /** Lowest first. */
  readonly layers: readonly Descriptor[];
}

/** An image index or manifest list (image-spec image-index.md). */
export interface Index {
  readonly mediaType?: string;
  readonly manifests: readonly Descriptor[];
}

/** Reads a manifest or an index from bytes that nobody has checked. Throws IMAGE_INVALID. */
export function parseManifest(bytes: Buffer, what: string): Manifest | Index {
  const value = parseObject(bytes, what);
  if ('manifests' in value && 'layers' in value) throw invalid(`${what} is both a manifest and an index`);
  if (Array.isArray(value['manifests'])) return { ...mediaTypeOf(value), manifests: value['manifests'].map((one) => parseDescriptor(one, what)) };
  if (!Array.isArray(value['layers'])) throw invalid(`${what} has no layers`);
  return { ...mediaTypeOf(value), config: parseDescriptor(value['config'], what), layers: value['layers'].map((one) => parseDescriptor(one, what)) };
}

export function isIndex(manifest: Manifest | Index): manifest is Index {
  return 'manifests' in manifest;
}

/** Reads an image config: enough of it is checked that its types hold where strake looks. Throws IMAGE_INVALID. */
export function parseConfig(bytes: Buffer, what: string): ImageConfigFile {
  const value = parseObject(bytes, what);
  const rootfs = value['rootfs'] as { readonly diff_ids?: unknown } | undefined;
  const diffIds = rootfs?.diff_ids ?? [];
  if (!Array.isArray(diffIds) || !diffIds.every(isDigest)) throw invalid(`${what} has no valid list of DiffIDs`);
  if (typeof value['architecture'] !== 'string' || typeof value['os'] !== 'string') throw invalid(`${what} names no platform`);
  const history = value['history'] ?? [];
  if (!Array.isArray(history) || !history.every(isObject)) throw invalid(`${what} has an invalid history`);
  const config = value['config'] ?? {};
  if (!isObject(config)) throw invalid(`${what} has an invalid config`);
  return { ...value, config, history, rootfs: { type: 'layers', diff_ids: diffIds } } as unknown as ImageConfigFile;
}

/** A descriptor that came from outside. Throws IMAGE_INVALID. */
export function parseDescriptor(value: unknown, what: string): Descriptor {
  if (!isObject(value)) throw invalid(`${what} has an invalid descriptor`);
  const { mediaType, digest, size } = value;
  if (!isDigest(digest)) throw invalid(`${what} has the invalid digest ${JSON.stringify(digest)?.slice(0, 200)}`);
  if (!Number.isSafeInteger(size) || (size as number) < 0) throw invalid(`${what} has an invalid size for ${digest}`);
  if (typeof mediaType !== 'string') throw invalid(`${what} has no media type for ${digest}`);
  return value as unknown as Descriptor;
}

/** Parses JSON that must be an object. Throws IMAGE_INVALID. */
export function parseObject(bytes: Buffer, what: string): Readonly<Record<string, unknown>> {
  const value = parseJson(bytes, what);
  if (!isObject(value)) throw invalid(`${what} is no JSON object`);
  return value;
}

/** Parses JSON of any kind. Throws IMAGE_INVALID. */
export function parseJson(bytes: Buffer, what: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (cause) {
    throw new OperatorError('IMAGE_INVALID', `${what} is no JSON`, { cause });
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mediaTypeOf({ mediaType }: Readonly<Record<string, unknown>>): { readonly mediaType?: string } {
  return typeof mediaType === 'string' ? { mediaType } : {};
}

function invalid(message: string): OperatorError {
  return new OperatorError('IMAGE_INVALID', message);
}
