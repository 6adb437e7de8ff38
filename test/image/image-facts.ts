import { createHash } from 'node:crypto';
import { applyLayers, layerNames, type FileTree, type Inode } from './apply-layers';
import { openImage, type ImageConfig } from './open-image';

/** What of one file is compared, as text; `mtime` only where it is known to be meant (see `setTime`). */
export type FileFacts = Readonly<Record<string, string>>;

/** Everything of an image that two builders must agree on. Plain JSON, so that it can be kept. */
export interface ImageFacts {
  readonly config: Readonly<Record<string, unknown>>;
  readonly history: readonly Readonly<Record<string, unknown>>[];
  /** The names each layer brings. */
  readonly layers: readonly (readonly string[])[];
  readonly tree: Readonly<Record<string, FileFacts>>;
}

/** Contexts and bases carry times before this one, in seconds; what a build makes at its own time is later, and not compared. */
const setTime = 1_400_000_000;

/** Reads an archive down to the facts that are compared. */
export function readFacts(archive: string): ImageFacts {
  const { config, layers } = openImage(archive);
  return { config: configFacts(config), history: historyFacts(config), layers: layers.map(layerNames), tree: treeFacts(applyLayers(layers)) };
}

/** What only older daemons write, and what names the build, not the image. */
const ignored = new Set([
  'created', 'rootfs', 'history', 'container', 'container_config', 'docker_version', 'parent', 'moby.buildkit.buildinfo.v1', 'moby.buildkit.cache.v0',
  'Hostname', 'Domainname', 'AttachStdin', 'AttachStdout', 'AttachStderr', 'Tty', 'OpenStdin', 'StdinOnce', 'Image',
]);

/** The config's fields, those of `config` with their own names; empty values are as good as absent ones. */
function configFacts(config: ImageConfig): Record<string, unknown> {
  const { config: container, ...rest } = config;
  return Object.fromEntries(
    [...Object.entries(rest), ...Object.entries(container ?? {})]
      .filter(([name, value]) => !ignored.has(name) && !isEmpty(value))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** The history without times, with the builders' own names made one. */
function historyFacts(config: ImageConfig): readonly Readonly<Record<string, unknown>>[] {
  return (config.history ?? []).map((entry) => ({
    created_by: textOf(entry['created_by']).replace(/ # (buildkit|strake)$/, ' # <builder>'),
    comment: textOf(entry['comment']).replace(/^(buildkit|strake)\./, '<builder>.'),
    author: textOf(entry['author']),
    empty_layer: entry['empty_layer'] === true,
  }));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function treeFacts(tree: FileTree): Record<string, FileFacts> {
  const groups = new Map<Inode, string[]>();
  for (const [path, inode] of tree) groups.set(inode, [...(groups.get(inode) ?? []), path]);
  return Object.fromEntries([...tree].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, inode]) => [path, fileFacts(inode, groups.get(inode) ?? [])]));
}

function fileFacts(inode: Inode, names: readonly string[]): FileFacts {
  return {
    type: inode.type,
    mode: inode.type === 'symlink' ? '' : inode.mode.toString(8),
    owner: `${inode.uid}:${inode.gid}`,
    link: inode.link,
    device: inode.device,
    xattrs: JSON.stringify(Object.entries(inode.xattrs).sort()),
    size: inode.type === 'file' ? String(inode.content.length) : '',
    sha256: inode.type === 'file' ? sumOf(inode.content) : '',
    names: names.length > 1 ? [...names].sort().join(' ') : '',
    mtime: inode.mtime < setTime ? String(inode.mtime) : 'of the build',
  };
}

/** Sums by the content's own buffer, which is kept with a layer that is known. */
const sums = new WeakMap<Buffer, string>();

function sumOf(content: Buffer): string {
  const sum = sums.get(content) ?? createHash('sha256').update(content).digest('hex');
  sums.set(content, sum);
  return sum;
}
