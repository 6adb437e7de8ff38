import { setTimeout } from 'node:timers/promises';
import { CancelledError, type CacheMount } from '@strake/api';
import type { CacheHold, CacheMountName } from '@strake/oci';
import type { ExecParts } from './exec-parts';
import { inputOf } from './input-of';

/** Caches that are held for one program. */
export interface HeldCaches {
  /** The folder of a mount's cache in the store. */
  directoryOf(mount: CacheMount): string;
  release(): void;
}

/** Milliseconds between two attempts to get a lock. */
const PAUSE = 50;

/**
 * Holds the caches of a program's mounts, each once, in the order of their keys: programs that want the same ones cannot wait
 * for each other. Waits for locked ones, and says so. Throws CANCELLED.
 */
export async function holdCaches(mounts: readonly CacheMount[], parts: ExecParts): Promise<HeldCaches> {
  const wanted = new Map<string, { readonly name: CacheMountName; readonly sharing: CacheMount['sharing'] }>();
  for (const mount of mounts) {
    const name = nameOf(mount, parts);
    const key = parts.store.mounts.key(name);
    const before = wanted.get(key);
    wanted.set(key, { name, sharing: before === undefined ? mount.sharing : stronger(before.sharing, mount.sharing) });
  }
  const held = new Map<string, CacheHold>();
  const release = (): void => held.forEach((hold) => hold.release());
  try {
    for (const [key, { name, sharing }] of [...wanted].sort(([left], [right]) => (left < right ? -1 : 1))) held.set(key, await hold(name, sharing, parts));
  } catch (error) {
    release();
    throw error;
  }
  return { directoryOf: (mount) => held.get(parts.store.mounts.key(nameOf(mount, parts)))?.directory ?? '', release };
}

/** One program that mounts a cache twice has it once, by the stronger promise. */
function stronger(left: CacheMount['sharing'], right: CacheMount['sharing']): CacheMount['sharing'] {
  return left === 'locked' || right === 'locked' ? 'locked' : left === 'private' || right === 'private' ? 'private' : 'shared';
}

/** A cache that starts with something else is another cache. */
function nameOf({ id, from, mode, uid, gid }: CacheMount, parts: ExecParts): CacheMountName {
  const input = from === undefined ? undefined : inputOf(from.input, parts);
  const start = from === undefined || input === undefined ? undefined : `${input.kind === 'context' ? `context ${input.name}` : input.snapshot.id} ${from.source}`;
  return { id, ...(start === undefined ? {} : { start }), ...(mode === undefined ? {} : { mode }), ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) };
}

async function hold(name: CacheMountName, sharing: CacheMount['sharing'], { store, options, signal }: ExecParts): Promise<CacheHold> {
  let told = false;
  for (;;) {
    const held = store.mounts.tryHold(name, sharing);
    if (held !== undefined) return held;
    if (!told) options.log(2, Buffer.from(`[strake] waiting for the cache ${name.id}, which another program has locked\n`));
    told = true;
    await setTimeout(PAUSE, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw new CancelledError();
  }
}
