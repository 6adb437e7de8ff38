import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { archivesOf, type BaseImage, baseImages } from '../bases/bases';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { type Finished, mustRun, run, type RunOptions } from '../engines/run';
import { strakeCommand } from './strake';

/** A folder with a store of its own and the command bound to it: what end-to-end tests work in. */
export interface StrakeStore {
  readonly folder: string;
  readonly store: string;
  readonly bases: readonly BaseImage[];
  /** Runs `strake ARGS`. */
  strake(args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Writes a context: relative path to content. */
  context(name: string, files: Readonly<Record<string, string>>): string;
  close(): Promise<void>;
}

/** Opens one; with `bases`, the base images of the tests are loaded. */
export async function openStrakeStore(purpose: string, options: { readonly bases: boolean }): Promise<StrakeStore> {
  const folder = makeFolder(purpose);
  const store = join(folder, 'store');
  const env = { STRAKE_STORE: store };
  const bases = options.bases ? await baseImages() : [];
  for (const archive of archivesOf(bases)) await mustRun([...strakeCommand, 'load', '-i', archive], { env });
  return {
    folder,
    store,
    bases,
    strake: (args, more = {}) => run([...strakeCommand, ...args], { ...more, env: { ...env, ...more.env } }),
    context: (name, files) => writeContext(join(folder, name), files),
    close: () => removeFolder(folder),
  };
}

function writeContext(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
