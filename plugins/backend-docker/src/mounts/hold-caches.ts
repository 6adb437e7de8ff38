import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { basename, dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CancelledError, InternalError, type ApplyOptions, type CacheMount, type CopyInput } from '@strake/api';
import type { CacheHold, CacheMountName, Store } from '@strake/oci';

/** Caches that are held for one program. */
export interface HeldCaches {
  /** The engine's volume that has the content of a mount's cache. */
  volumeOf(mount: CacheMount): string;
  release(): void;
}

/** What caches are held with. */
export interface CacheParts {
  readonly store: Store;
  /** The folder of the records that are about this engine. */
  readonly records: string;
  readonly inputs: readonly CopyInput[];
  readonly options: ApplyOptions;
}

/** Milliseconds between two attempts to get a lock. */
const PAUSE = 50;

/**
 * Holds the caches of a program's mounts, each once, in the order of their keys: programs that want the same ones cannot wait for each other. The content is in
 * volumes of the engine, the locks are in the store: another store has other volumes, so that a promise about sharing is never broken. Throws CANCELLED.
 */
export async function holdCaches(mounts: readonly CacheMount[], parts: CacheParts): Promise<HeldCaches> {
  const { store, records } = parts;
  const locks = store.cacheMountsElsewhere(`${records}-mounts`);
  const keyOf = (mount: CacheMount): string => locks.key(nameOf(mount, parts));
  const wanted = new Map<string, { readonly name: CacheMountName; readonly sharing: CacheMount['sharing'] }>();
  for (const mount of mounts) {
    const before = wanted.get(keyOf(mount));
    wanted.set(keyOf(mount), { name: nameOf(mount, parts), sharing: before === undefined ? mount.sharing : stronger(before.sharing, mount.sharing) });
  }
  const held = new Map<string, CacheHold>();
  const release = (): void => held.forEach((hold) => hold.release());
  try {
    for (const [key, { name, sharing }] of [...wanted].sort(([left], [right]) => (left < right ? -1 : 1))) held.set(key, await hold(() => locks.tryHold(name, sharing), name.id, parts.options));
  } catch (error) {
    release();
    throw error;
  }
  return { volumeOf: (mount) => volumeName(store, keyOf(mount), held.get(keyOf(mount))?.directory ?? ''), release };
}

function volumeName({ root }: Store, key: string, directory: string): string {
  if (basename(dirname(directory)) !== key) throw new InternalError('a cache is not held');
  const place = createHash('sha256').update(`${hostname()}\0${root}\0${key}`).digest('hex').slice(0, 24);
  return `strake-cache-${place}-${basename(directory)}`;
}

/** One program that mounts a cache twice has it once, by the stronger promise. */
function stronger(left: CacheMount['sharing'], right: CacheMount['sharing']): CacheMount['sharing'] {
  return left === 'locked' || right === 'locked' ? 'locked' : left === 'private' || right === 'private' ? 'private' : 'shared';
}

/** A cache that starts with something else is another cache. */
function nameOf({ id, from, mode, uid, gid }: CacheMount, { inputs }: CacheParts): CacheMountName {
  const input = from === undefined ? undefined : inputs[from.input];
  const start = from === undefined || input === undefined ? undefined : `${input.kind === 'context' ? `context ${input.name}` : input.snapshot.id} ${from.source}`;
  return { id, ...(start === undefined ? {} : { start }), ...(mode === undefined ? {} : { mode }), ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) };
}

async function hold(attempt: () => CacheHold | undefined, id: string, options: ApplyOptions): Promise<CacheHold> {
  for (let told = false; ; told = true) {
    const held = attempt();
    if (held !== undefined) return held;
    if (!told) options.log(2, Buffer.from(`[strake] waiting for the cache ${id}, which another program has locked\n`));
    await setTimeout(PAUSE, undefined, { signal: options.signal }).catch(() => undefined);
    if (options.signal.aborted) throw new CancelledError();
  }
}
