import { accessSync, constants } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { NAMESPACES_TOOLS, NamespacesRuntime } from './namespaces-runtime';
import { OciRuntime } from './oci-runtime';
import { RUNTIME_NAMES, type Runtime, type RuntimeFolders } from './run-spec';

/** Why no program can be run here, with what to do about it. */
export interface MissingRuntime {
  readonly reason: string;
}

/** Places that a user's PATH often lacks but where packages put runtimes. */
const USUAL_FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The first of crun, runc and plain namespaces that can be had; STRAKE_RUNTIME names one, or an OCI runtime's path. */
export function findRuntime(env: NodeJS.ProcessEnv, folders: RuntimeFolders): Runtime | MissingRuntime {
  const wanted = env['STRAKE_RUNTIME'] ?? '';
  if (wanted !== '') return makeRuntime(wanted, env, folders) ?? { reason: `STRAKE_RUNTIME: ${wanted} is not there or cannot be executed` };
  for (const name of RUNTIME_NAMES) {
    const runtime = makeRuntime(name, env, folders);
    if (runtime !== undefined) return runtime;
  }
  return { reason: 'neither crun nor runc nor unshare and setpriv of util-linux are installed: install crun' };
}

function makeRuntime(wanted: string, env: NodeJS.ProcessEnv, folders: RuntimeFolders): Runtime | undefined {
  if (wanted === 'namespaces') return NAMESPACES_TOOLS.every((tool) => executable(tool) !== undefined) ? new NamespacesRuntime(folders) : undefined;
  const path = wanted.includes('/') ? executable(wanted) : findExecutable(wanted, env);
  // An executable of another name is taken for what its command line is closest to.
  return path === undefined ? undefined : new OciRuntime(basename(path).includes('runc') ? 'runc' : 'crun', path, folders);
}

function findExecutable(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const listed = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return [...listed, ...USUAL_FOLDERS].map((folder) => executable(join(folder, name))).find((path) => path !== undefined);
}

function executable(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}
