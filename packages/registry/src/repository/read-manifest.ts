import type { Descriptor, Digest } from '@strake/api';
import { OperatorError } from '@strake/api';
import { digestOf, isDigest, isIndex, MAX_JSON_BYTES, MEDIA_TYPES, parseManifest } from '@strake/oci';
import { readLimited } from '../http/read-limited';
import { headerOf, type Reply } from '../http/transport';
import { isOldManifest, MANIFEST_TYPES } from './manifest-types';
import { printable } from '../http/printable';

/** A manifest or an index as a registry has it: exactly these bytes have the descriptor's digest. */
export interface FetchedManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

/** Reads and verifies a manifest: its digest where one is known, its type against what it says of itself. Throws DIGEST_MISMATCH, IMAGE_INVALID, REGISTRY_FAILED, UNSUPPORTED. */
export async function readManifestReply(reply: Reply, wanted: { readonly digest?: Digest; readonly descriptor?: Descriptor }, what: string): Promise<FetchedManifest> {
  const bytes = await readLimited(reply, MAX_JSON_BYTES, what);
  const digest = digestOf(bytes);
  const host = reply.url.host;
  const expected = wanted.descriptor?.digest ?? wanted.digest;
  if (expected !== undefined && digest !== expected) throw new OperatorError('DIGEST_MISMATCH', `${host} gave other bytes for ${what}: expected ${expected} but they have ${digest}`);
  const said = headerOf(reply, 'docker-content-digest');
  if (expected === undefined && isDigest(said) && said !== digest) throw new OperatorError('DIGEST_MISMATCH', `${host} says that ${what} has the digest ${said}, but its bytes have ${digest}`);
  if (wanted.descriptor !== undefined && wanted.descriptor.size !== bytes.length) throw new OperatorError('DIGEST_MISMATCH', `${what} should have ${wanted.descriptor.size} bytes but has ${bytes.length}`);
  const mediaType = typeOf(bytes, headerOf(reply, 'content-type'), wanted.descriptor?.mediaType, `${what} of ${host}`);
  return { descriptor: { mediaType, digest, size: bytes.length }, bytes };
}

function typeOf(bytes: Buffer, header: string | undefined, known: string | undefined, what: string): string {
  const answered = header?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (isOldManifest(answered)) throw new OperatorError('UNSUPPORTED', `${what} is in Docker's first format, which is not supported`, { hint: 'Push the image again with a newer docker.' });
  const parsed = parseManifest(bytes, what);
  const type = parsed.mediaType ?? known ?? answered;
  if (!MANIFEST_TYPES.includes(type)) throw new OperatorError('IMAGE_INVALID', `${what} is no image: its type is ${printable(type) || 'not known'}`);
  if (known === undefined && answered !== type) throw new OperatorError('IMAGE_INVALID', `${what} is sent as ${printable(answered) || 'nothing'} but says that it is ${type}`);
  if (isIndex(parsed) !== (type === MEDIA_TYPES.index || type === MEDIA_TYPES.dockerIndex)) throw new OperatorError('IMAGE_INVALID', `${what} is not what its type ${type} says`);
  return type;
}
