import { statSync } from 'node:fs';
import { join } from 'node:path';
import { resolveInRoot } from '../rootfs/resolve-in-root';
import { missingProgram, type StartFailure } from './runtime-failure';
import type { RunSpec } from './run-spec';

const DEFAULT_PATH = '/bin:/usr/bin';
const ANY_EXECUTE = 0o111;

/** Why a program cannot be started, found by looking where exec would; undefined when nothing speaks against it. */
export function whyNotStartable({ rootfs, args, env, cwd, mounts }: RunSpec): StartFailure | undefined {
  const [program = ''] = args;
  const places = program.includes('/') ? [join(program.startsWith('/') ? '/' : cwd, program)] : searchPath(env).map((folder) => join('/', folder, program));
  // What is mounted for the run cannot be seen from here.
  if (places.some((place) => place.startsWith('/dev/') || mounts.some(({ target }) => `${place}/`.startsWith(`${target}/`)))) return undefined;
  const found = places.map((place) => modeOf(rootfs, place)).filter((mode) => mode !== undefined);
  if (found.length === 0) return missingProgram(program);
  return found.some(({ file, executable }) => file && executable) ? undefined : { exitCode: 126, message: `exec: "${program}": permission denied` };
}

function searchPath(env: readonly string[]): readonly string[] {
  const path = env.find((pair) => pair.startsWith('PATH='))?.slice('PATH='.length) ?? DEFAULT_PATH;
  return path.split(':');
}

function modeOf(rootfs: string, place: string): { readonly file: boolean; readonly executable: boolean } | undefined {
  const stats = statSync(resolveInRoot(rootfs, place), { throwIfNoEntry: false });
  return stats && { file: stats.isFile(), executable: (stats.mode & ANY_EXECUTE) !== 0 };
}
