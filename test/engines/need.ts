import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian keeps daemons in sbin, which the PATH of an ordinary user lacks. */
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Where a program is, as the shell would find it; undefined when it is not installed. */
export function findProgram(name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Why something cannot run here: no root, or the programs that are missing. Undefined when nothing stands in the way. */
export function unmetNeed(needs: { readonly root?: boolean; readonly programs?: readonly string[] }): string | undefined {
  if (needs.root === true && process.getuid?.() !== 0) return 'needs root';
  const missing = (needs.programs ?? []).filter((name) => findProgram(name) === undefined);
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : undefined;
}
