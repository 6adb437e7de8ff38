import { setTimes } from '@strake/syscalls';
import { chmodSync, lchownSync, lstatSync, readdirSync, renameSync, rmSync, type BigIntStats } from 'node:fs';

const SLASH = Buffer.from('/');

/** Moves all that is in one folder into another on the same file system. Folders are merged; whatever else has a name that is needed gives way. */
export function mergeInto(from: string | Buffer, to: string | Buffer): void {
  for (const name of readdirSync(from, { encoding: 'buffer' })) {
    const source = Buffer.concat([Buffer.from(from), SLASH, name]);
    const target = Buffer.concat([Buffer.from(to), SLASH, name]);
    const there = lstatSync(target, { throwIfNoEntry: false });
    const moved = lstatSync(source, { bigint: true });
    if (moved.isDirectory() && there?.isDirectory() === true) mergeFolder(source, target, moved);
    else {
      // A rename replaces a file or a link, but no folder by a file and no file by a folder.
      if (there !== undefined && (there.isDirectory() || moved.isDirectory())) rmSync(target, { recursive: true });
      renameSync(source, target);
    }
  }
}

function mergeFolder(source: Buffer, target: Buffer, stats: BigIntStats): void {
  mergeInto(source, target);
  lchownSync(target, Number(stats.uid), Number(stats.gid));
  chmodSync(target, Number(stats.mode) & 0o7777);
  setTimes(target, stats.mtimeNs);
}
