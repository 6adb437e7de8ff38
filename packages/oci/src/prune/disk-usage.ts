import { lstatSync, readdirSync } from 'node:fs';

/** Bytes that a file, or a tree and all in it, take on the disk; a file with several names counts once. Nothing there: 0. */
export function diskUsage(path: string): number {
  const counted = new Set<string>();
  const usage = (place: Buffer): number => {
    const stat = lstatSync(place, { throwIfNoEntry: false });
    if (stat === undefined) return 0;
    if (stat.nlink > 1 && !stat.isDirectory()) {
      const inode = `${stat.dev}:${stat.ino}`;
      if (counted.has(inode)) return 0;
      counted.add(inode);
    }
    const own = stat.blocks * 512;
    if (!stat.isDirectory()) return own;
    return readdirSync(place, 'buffer').reduce((sum, name) => sum + usage(Buffer.concat([place, SLASH, name])), own);
  };
  return usage(Buffer.from(path));
}

const SLASH = Buffer.from('/');
