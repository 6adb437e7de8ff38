import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathParts } from '../layer/safe-path';
import type { InputFiles } from './input-files';

/** The files of a folder. Symbolic links in it are followed, as layouts of build tools need; what they give is verified like any file. */
export function folderFiles(folder: string): InputFiles {
  const place = (path: string): string => join(folder, ...pathParts(Buffer.from(path)).map(String));
  return {
    shown: folder,
    size(path) {
      const stat = statSync(place(path), { throwIfNoEntry: false });
      return stat?.isFile() === true ? stat.size : undefined;
    },
    open: (path) => createReadStream(place(path), { highWaterMark: 1 << 20 }),
  };
}
