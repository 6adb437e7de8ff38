import type { Descriptor, Digest } from '@strake/api';
import { digestOf, encodeHeader, MEDIA_TYPES, type Store } from '@strake/oci';
import { gzipSync } from 'node:zlib';

/** A tar with one file. */
export function tarOf(name: string, content: Buffer): Buffer {
  const header = encodeHeader({ path: Buffer.from(name), type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0n, size: content.length });
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512), Buffer.alloc(1024)]);
}

/** What an image is made of. */
export interface TinyImage {
  readonly manifest: Descriptor;
  readonly manifestBytes: Buffer;
  readonly blobs: ReadonlyMap<Digest, Buffer>;
  readonly layers: readonly Descriptor[];
}

/** How it differs from the plain one. */
export interface TinyOptions {
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
  readonly docker?: boolean;
  /** DiffIDs that are not those of the layers. */
  readonly lies?: boolean;
  /** Layers as a build leaves them, uncompressed. */
  readonly plain?: boolean;
}

/** An image as a registry would have it, its layers compressed unless they are to be plain. */
export function tinyImage(contents: readonly Buffer[], { platform = { os: 'linux', architecture: 'amd64' }, docker = false, lies = false, plain = false }: TinyOptions = {}): TinyImage {
  const blobs = new Map<Digest, Buffer>();
  const keep = (mediaType: string, bytes: Buffer): Descriptor => {
    const digest = digestOf(bytes);
    blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const tars = contents.map((content, at) => tarOf(`file${at}`, content));
  const layers = tars.map((tar) => plain ? keep(MEDIA_TYPES.layer, tar) : keep(docker ? MEDIA_TYPES.dockerLayerGzip : MEDIA_TYPES.layerGzip, gzipSync(tar, { level: 1 })));
  const diffIds = tars.map((tar) => digestOf(lies ? `${tar.length} lies` : tar));
  const config = keep(docker ? MEDIA_TYPES.dockerConfig : MEDIA_TYPES.config, Buffer.from(JSON.stringify({ ...platform, config: { Env: ['A=b'] }, rootfs: { type: 'layers', diff_ids: diffIds }, history: [] })));
  const mediaType = docker ? MEDIA_TYPES.dockerManifest : MEDIA_TYPES.manifest;
  // Odd blanks: whoever writes the manifest anew gets another digest.
  const manifestBytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers }, null, 3));
  return { manifest: keep(mediaType, manifestBytes), manifestBytes, blobs, layers };
}

/** An index of images. */
export function tinyIndex(images: readonly { readonly image: TinyImage; readonly platform: Readonly<Record<string, string>> }[]): TinyImage {
  const manifestBytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests: images.map(({ image, platform }) => ({ ...image.manifest, platform })) }, null, 1));
  const manifest: Descriptor = { mediaType: MEDIA_TYPES.index, digest: digestOf(manifestBytes), size: manifestBytes.length };
  return { manifest, manifestBytes, layers: [], blobs: new Map([...images.flatMap(({ image }) => [...image.blobs]), [manifest.digest, manifestBytes]]) };
}

/** Puts it into a store under a name. */
export function intoStore(store: Store, { manifest, blobs, manifestBytes }: TinyImage, name: string): void {
  for (const bytes of blobs.values()) store.blobs.write('', bytes);
  store.blobs.write(manifest.mediaType, manifestBytes);
  store.names.set(name, manifest);
}
