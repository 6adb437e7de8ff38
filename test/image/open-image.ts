import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readTar, type TarEntry } from './tar-reader';

/** An image taken from an archive: its config file and its layers, lowest first. */
export interface OpenedImage {
  readonly config: ImageConfig;
  readonly layers: readonly OpenedLayer[];
}

/** A layer as an uncompressed tar, and its sum, which names its content. */
export interface OpenedLayer {
  readonly tar: Buffer;
  readonly hex: string;
}

/** The config file, by the names of the OCI image specification. */
export interface ImageConfig {
  readonly architecture?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly history?: readonly Readonly<Record<string, unknown>>[];
  readonly rootfs: { readonly diff_ids: readonly string[] | null };
  readonly [field: string]: unknown;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os?: string };
}

type Members = ReadonlyMap<string, Buffer>;

/** Opens an OCI archive or a docker-archive and checks every digest, size and DiffID on the way. */
export function openImage(path: string): OpenedImage {
  const members = membersOf(readTar(readFileSync(path)));
  const opened = members.has('oci-layout') ? openLayout(members) : openDockerArchive(members);
  const diffIds = opened.config.rootfs.diff_ids ?? [];
  opened.layers.forEach((layer, index) => {
    const expected = diffIds[index];
    if (expected !== `sha256:${layer.hex}`) throw new Error(`layer ${index} has not the DiffID ${expected} that the config names`);
  });
  if (opened.layers.length !== diffIds.length) throw new Error('the config names another number of layers than the manifest');
  return opened;
}

/** The files by name. An old `docker save` writes a layer that occurs twice once, and a symbolic link to it. */
function membersOf(entries: readonly TarEntry[]): Members {
  const members = new Map(entries.filter((entry) => entry.type === 'file').map((entry) => [entry.path, entry.content]));
  for (const { path, link } of entries.filter((entry) => entry.type === 'symlink')) {
    const content = members.get(join(dirname(path), link));
    if (content !== undefined) members.set(path, content);
  }
  return members;
}

function openLayout(members: Members): OpenedImage {
  const index = json(member(members, 'index.json')) as { manifests: readonly Descriptor[] };
  const manifest = manifestOf(members, index.manifests);
  return {
    config: json(blob(members, manifest.config)) as ImageConfig,
    // Go writes an empty list as null.
    layers: (manifest.layers ?? []).map((layer) => uncompressed(blob(members, layer), layer.digest.slice('sha256:'.length))),
  };
}

/** Follows an index into an index, as an exporter of several platforms writes; attestations are no image. */
function manifestOf(members: Members, candidates: readonly Descriptor[]): { config: Descriptor; layers: readonly Descriptor[] | null } {
  const chosen = candidates.find((candidate) => candidate.platform?.os !== 'unknown');
  if (chosen === undefined) throw new Error('the layout holds no image');
  const found = json(blob(members, chosen)) as { manifests?: readonly Descriptor[]; config: Descriptor; layers: readonly Descriptor[] | null };
  return found.manifests === undefined ? found : manifestOf(members, found.manifests);
}

function openDockerArchive(members: Members): OpenedImage {
  const [manifest] = json(member(members, 'manifest.json')) as { Config: string; Layers: string[] }[];
  if (manifest === undefined) throw new Error('the archive holds no image');
  return {
    config: json(member(members, manifest.Config)) as ImageConfig,
    layers: manifest.Layers.map((layer) => uncompressed(member(members, layer))),
  };
}

function blob(members: Members, descriptor: Descriptor): Buffer {
  const content = member(members, `blobs/${descriptor.digest.replace(':', '/')}`);
  if (content.length !== descriptor.size) throw new Error(`${descriptor.digest} has ${content.length} bytes, not ${descriptor.size}`);
  if (`sha256:${sha256(content)}` !== descriptor.digest) throw new Error(`${descriptor.digest} has other content than its name says`);
  return content;
}

function member(members: Members, path: string): Buffer {
  const content = members.get(path);
  if (content === undefined) throw new Error(`the archive has no ${path}`);
  return content;
}

/** @param known the sum of the blob, where it was taken already */
function uncompressed(layer: Buffer, known?: string): OpenedLayer {
  const isGzip = layer[0] === 0x1f && layer[1] === 0x8b;
  const tar = isGzip ? gunzipSync(layer) : layer;
  return { tar, hex: isGzip || known === undefined ? sha256(tar) : known };
}

function json(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString('utf8'));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
