import type { Digest } from '@strake/api';
import { encodeHeader } from '@strake/oci';

/** The image of an archive for `docker load`. */
export interface ArchivedImage {
  /** The exact bytes of its config; their digest is its ID. */
  readonly config: Buffer;
  readonly id: Digest;
  readonly layers: readonly Digest[];
}

/**
 * An archive with a config and no layers. An engine takes it when it has all layers already: it looks for a layer's file only when it does not
 * know the chain. So an image with any config and history is made out of layers that are there, in one small request.
 */
export function imageArchive({ config, id, layers }: ArchivedImage): Buffer {
  const name = `${id.slice('sha256:'.length)}.json`;
  const manifest = [{ Config: name, RepoTags: null, Layers: layers.map((layer) => `${layer.slice('sha256:'.length)}/layer.tar`) }];
  return Buffer.concat([...fileOf('manifest.json', Buffer.from(JSON.stringify(manifest))), ...fileOf(name, config), Buffer.alloc(1024)]);
}

function fileOf(name: string, content: Buffer): readonly Buffer[] {
  const header = encodeHeader({ path: Buffer.from(name), type: 'file', mode: 0o644, uid: 0, gid: 0, size: content.length, mtime: 0n });
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}
