import { InternalError } from '@strake/api';
import type { TakenFile } from '@strake/context';
import type { TarNode, TarTree } from '../tree/tar-tree';
import type { CopyDetails, CopyReader } from './copy-reader';

/** Reads from the tree of a tar: another stage, an image, an archive. */
export class TreeReader implements CopyReader {
  readonly keepOwner = true;
  private readonly tree: TarTree;

  constructor(tree: TarTree) {
    this.tree = tree;
  }

  details(file: TakenFile): CopyDetails {
    const { header, file: number } = this.node(file);
    const { type, mtime, size, target, major, minor, xattrs } = header;
    return {
      type, mtime, size, ...(type === 'file' ? { links: String(number) } : {}),
      ...(target === undefined || target.length === 0 ? {} : { target }),
      ...(major === undefined ? {} : { major }), ...(minor === undefined ? {} : { minor }), ...(xattrs === undefined ? {} : { xattrs }),
    };
  }

  content(file: TakenFile): Iterable<Buffer> {
    return this.tree.content(this.node(file));
  }

  private node({ source }: TakenFile): TarNode {
    const node = this.tree.find(source);
    if (node === undefined) throw new InternalError(`a copy takes ${source}, which is not in its tree`);
    return node;
  }
}
