import { randomBytes } from 'node:crypto';
import { join, posix } from 'node:path';
import { StrakeError, type CopyOp } from '@strake/api';
import { cleanPath, hasWildcard, type TakenFile } from '@strake/context';
import type { Containers } from '../engine';
import { TargetFiles } from '../copy/target-files';
import { ENGINE_DIRECTORIES, isOfTheEngine } from './engine-files';
import { planTree } from './plan-tree';
import { TarTree } from './tar-tree';

/** What copies take from an image: only the paths that they name are brought, each once. */
export class ImageTree {
  readonly tree: TarTree;
  private readonly parts: { readonly containers: Containers; readonly id: string; readonly signal: AbortSignal };
  private readonly files: TargetFiles;
  private readonly brought = new Map<string, Promise<void>>();
  private last = Promise.resolve();

  /** `id` is a container of the image, which need not run. */
  constructor(parts: ImageTree['parts'], scratch: string) {
    this.parts = parts;
    this.tree = new TarTree(join(scratch, `tree-${randomBytes(6).toString('hex')}`));
    this.files = new TargetFiles(parts.containers, parts.id, parts.signal);
  }

  /** What a copy takes, in the order of writing. Throws SOURCE_MISSING. */
  async take(op: CopyOp): Promise<readonly TakenFile[]> {
    const paths = op.sources.map((source) => neededPath(source, op.parents === true));
    for (const path of paths) await this.bring(path);
    const keepOwner = op.chown === undefined;
    try {
      return planTree(this.tree, op, keepOwner);
    } catch (error) {
      // A link that a pattern has found may lead to what was not brought.
      if (!(error instanceof StrakeError) || error.code !== 'SOURCE_MISSING' || this.brought.has('')) throw error;
      await this.bring('');
      return planTree(this.tree, op, keepOwner);
    }
  }

  close(): void {
    this.tree.close();
  }

  private bring(path: string): Promise<void> {
    const parts = path.split('/');
    const above = parts.map((_, at) => parts.slice(0, at).join('/'));
    const known = ['', ...above, path].map((one) => this.brought.get(one)).find((one) => one !== undefined);
    if (known !== undefined) return known;
    // One after the other: of two that overlap the larger must come last, or names of one file become two files.
    const bringing = this.last.then(() => this.fetch(path));
    this.last = bringing.catch(() => undefined);
    this.brought.set(path, bringing);
    return bringing;
  }

  private async fetch(path: string): Promise<void> {
    const { containers, id, signal } = this.parts;
    const place = await this.files.resolve(path);
    if ((await this.files.kind(place)) === undefined) return;
    const top = posix.basename(place);
    const below = (name: string): string => (place === '/' ? name : name === top ? '' : name.slice(top.length + 1));
    await this.tree.add((await containers.archive(id, place, signal)) as AsyncIterable<Buffer>, (name, header) => {
      const rest = below(name);
      if (isOfTheEngine(posix.join(place, rest), header)) return undefined;
      return [path, rest].filter((one) => one !== '').join('/');
    });
    // Images that programs run in have an /etc with something in it.
    if (path === '' && place === '/') this.tree.dropEmpty(ENGINE_DIRECTORIES);
  }
}

/** The path that has to be brought for a source: all before the first name with a wildcard; with `--parents` from the top, for the directories on the way count too. */
function neededPath(source: string, parents: boolean): string {
  const names = cleanPath(`/${source}`).split('/').filter((name) => name !== '');
  const first = names.findIndex(hasWildcard);
  const plain = first < 0 ? names : names.slice(0, first);
  return parents ? '' : plain.join('/');
}
