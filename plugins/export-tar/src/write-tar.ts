import type { ExportRequest, ExportResult } from '@strake/api';
import { InternalError } from '@strake/api';
import { encodeHeader, fileBytes, platformFolder, streamBytes, untilAborted, writeAll } from '@strake/oci';
import type { TarAttributes } from './attributes';

/** Writes the trees of a request as one tar; with several platforms each has a folder, `linux_amd64/`. Throws USAGE, PERMISSION, DISK_FULL, CANCELLED. */
export async function writeTar(request: ExportRequest, { destination, platformSplit }: TarAttributes): Promise<ExportResult> {
  const split = platformSplit ?? request.platforms !== undefined;
  const target = destination === undefined ? streamBytes(process.stdout) : fileBytes(destination);
  await writeAll(target, untilAborted(tarOf(request, split), request.signal), destination ?? 'the output');
  return destination === undefined ? {} : { path: destination };
}

async function* tarOf({ trees, images, platforms, epoch = 0 }: ExportRequest, split: boolean): AsyncGenerator<Buffer> {
  if (trees === undefined) throw new InternalError('a tar was asked for, but no tree was given');
  for (const [at, tree] of trees.entries()) {
    const open = at < trees.length - 1;
    if (!split) yield* tree({ open });
    else {
      const prefix = platformFolder(platforms?.[at] ?? images[at]?.config);
      yield encodeHeader({ type: 'directory', path: Buffer.from(prefix), mode: 0o755, uid: 0, gid: 0, size: 0, mtime: BigInt(epoch) * 1_000_000_000n });
      yield* tree({ prefix, open });
    }
  }
}
