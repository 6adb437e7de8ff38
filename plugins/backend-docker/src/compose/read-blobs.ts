import { randomBytes } from 'node:crypto';
import { OperatorError, type Descriptor, type Digest } from '@strake/api';
import { digestOf, encodeGoJson, makeManifest, MAX_JSON_BYTES, MEDIA_TYPES, TarReader } from '@strake/oci';
import type { Readable } from 'node:stream';
import type { EngineImages } from '../engine';
import { blobName, layoutArchive } from './layout-archive';

/**
 * Reads small blobs of an engine with the store of containerd. It gives away whole images alone, so an image is made for the moment that has
 * nothing else: they are its layers. It is for no platform, so that nobody unpacks them.
 */
export async function readBlobs(blobs: readonly Descriptor[], images: EngineImages, labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<ReadonlyMap<Digest, Buffer>> {
  const large = blobs.find(({ size }) => size > MAX_JSON_BYTES);
  if (large !== undefined) throw new OperatorError('ENGINE_FAILED', `the blob ${large.digest} of the engine has ${large.size} bytes, more than manifests and configs have`);
  if (blobs.length === 0) return new Map();
  const carrier = carrierOf(blobs, labels);
  try {
    await images.load(carrier.archive, signal);
    return await blobsIn(await images.save([carrier.id], signal), blobs);
  } finally {
    await images.remove(carrier.id, { prune: false }).catch(() => undefined);
  }
}

/** Two that are made at once are not the same. */
function carrierOf(blobs: readonly Descriptor[], labels: Readonly<Record<string, string>>): { readonly id: Digest; readonly archive: Buffer } {
  const config = { architecture: 'none', os: 'none', config: { Labels: { ...labels, 'strake.carrier': randomBytes(8).toString('hex') } }, rootfs: { type: 'layers', diff_ids: [] } };
  const configBytes = encodeGoJson(config);
  const configDescriptor = { mediaType: MEDIA_TYPES.config, digest: digestOf(configBytes), size: configBytes.length };
  const { descriptor: manifest, bytes: manifestBytes } = makeManifest(configDescriptor, blobs.map(({ digest, size }) => ({ mediaType: 'application/octet-stream', digest, size })));
  return { id: manifest.digest, archive: layoutArchive({ manifest, manifestBytes, configDescriptor, configBytes }) };
}

async function blobsIn(tar: Readable, wanted: readonly Descriptor[]): Promise<ReadonlyMap<Digest, Buffer>> {
  const names = new Map(wanted.map(({ digest }) => [blobName(digest), digest]));
  const found = new Map<Digest, Buffer>();
  let reading: { readonly digest: Digest; readonly chunks: Buffer[] } | undefined;
  const reader = new TarReader({
    entry: ({ path }) => {
      const digest = names.get(path.toString());
      reading = digest === undefined ? undefined : { digest, chunks: [] };
    },
    content: (chunk) => void reading?.chunks.push(Buffer.from(chunk)),
    end: () => {
      if (reading !== undefined) found.set(reading.digest, Buffer.concat(reading.chunks));
    },
  });
  for await (const chunk of tar) reader.write(chunk as Buffer);
  const missing = wanted.find(({ digest }) => digestOf(found.get(digest) ?? '') !== digest);
  if (missing !== undefined) throw new OperatorError('ENGINE_FAILED', `the engine does not give away its blob ${missing.digest}`);
  return found;
}
