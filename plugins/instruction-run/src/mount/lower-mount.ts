import { posix } from 'node:path';
import { resolvePath, type LoweredMount, type Origin } from '@strake/api';
import type { MountOptions } from './mount-options';
import { wrong } from './parse-mount';

/** Where a mount stands: what relative targets are relative to, and how many agents' sockets the program has before it. */
export interface MountPlace {
  readonly workdir: string;
  readonly sockets: number;
}

/** What one `--mount` amounts to. Throws an `InstructionError` for a target that is the root. */
export function lowerMount(options: MountOptions, text: string, { workdir, sockets }: MountPlace): LoweredMount {
  switch (options.type) {
    case 'bind': return { type: 'bind', target: targetOf(options, text, workdir), from: originOf(options.from), source: resolvePath('/', options.source), readonly: options.readonly ?? true };
    case 'cache': return lowerCache(options, targetOf(options, text, workdir));
    case 'tmpfs': return { type: 'tmpfs', target: targetOf(options, text, workdir), ...given('size', options.size || undefined), ...(options.readonly === true ? { readonly: true } : {}) };
    case 'secret': return lowerSecret(options, text, workdir);
    case 'ssh': return {
      type: 'ssh', id: options.id || 'default', target: targetOf({ target: options.target || socketPath(sockets) }, text, workdir),
      required: options.required, ...ownerOf(options, 0o600),
    };
  }
}

/** Where an agent's socket is when no target says it. */
export const socketPath = (number: number): string => `/run/buildkit/ssh_agent.${number}`;

function lowerCache(options: MountOptions, target: string): LoweredMount {
  const { from, source, mode, uid, gid } = options;
  const start = from === '' ? undefined : { origin: originOf(from), source: resolvePath('/', source) };
  return {
    type: 'cache', target, id: options.id || cleanPath(options.target), sharing: options.sharing ?? 'shared', readonly: options.readonly ?? false,
    ...given('from', start), ...given('mode', mode), ...given('uid', uid), ...given('gid', gid),
  };
}

function lowerSecret(options: MountOptions, text: string, workdir: string): LoweredMount {
  const { env, required } = options;
  const id = options.source || options.id || posix.basename(options.target);
  const written = options.target || (env === undefined ? `/run/secrets/${posix.basename(id)}` : '');
  const target = written === '' ? {} : { target: targetOf({ target: written }, text, workdir) };
  return { type: 'secret', id, ...target, ...given('env', env), required, ...ownerOf(options, 0o400) };
}

function targetOf({ target }: Pick<MountOptions, 'target'>, text: string, workdir: string): string {
  const path = resolvePath(workdir, target);
  if (path !== '/') return path;
  throw wrong(text, `invalid mount target "${target || '/'}"`, target === '' ? 'say where it is shown: target=/path' : 'nothing can be mounted on the root');
}

function ownerOf({ mode, uid, gid }: MountOptions, usual: number): { readonly mode: number; readonly uid: number; readonly gid: number } {
  return { mode: (mode ?? usual) & 0o777, uid: uid ?? 0, gid: gid ?? 0 };
}

function originOf(from: string): Origin {
  return from === '' ? { kind: 'context' } : { kind: 'named', name: from };
}

/** Go's `path.Clean`: what a cache is called when it is given no id. */
function cleanPath(path: string): string {
  const clean = posix.normalize(path);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

function given<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]?: V });
}
