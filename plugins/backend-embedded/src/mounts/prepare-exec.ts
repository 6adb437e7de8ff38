import { OperatorError, type CacheMount, type ExecOp, type Mount, type SecretMount, type SshMount } from '@strake/api';
import { findDevices } from '../devices/find-devices';
import type { WorkerExec, WorkerMount } from '../worker/protocol';
import type { ExecParts } from './exec-parts';
import { holdCaches, type HeldCaches } from './hold-caches';
import { inputOf } from './input-of';

/** A program as a thread gets it, and what is held for it until it has ended. */
export interface PreparedExec {
  readonly op: WorkerExec;
  readonly release: () => void;
}

/** The values of a program's secrets, by id; undefined for one that is not given. */
type Secrets = ReadonlyMap<string, Buffer | undefined>;

/**
 * Gets what a program's mounts and devices ask for: secrets, agents, caches (it waits for those that others hold locked).
 * Throws SECRET_MISSING, DEVICE_MISSING, CANCELLED.
 */
export async function prepareExec(op: ExecOp, parts: ExecParts): Promise<PreparedExec> {
  const { mounts = [], devices = [], ...rest } = op;
  if (mounts.length === 0 && devices.length === 0) return { op: rest, release: () => undefined };
  const secrets = await askSecrets(mounts, parts);
  const found = devices.length === 0 ? undefined : findDevices(devices, parts.deviceFolders);
  const caches = await holdCaches(mounts.filter((mount) => mount.type === 'cache'), parts);
  try {
    const worked = await Promise.all(mounts.map((mount) => workerMount(mount, secrets, caches, parts)));
    const secretEnv = mounts.flatMap((mount) => (mount.type === 'secret' ? secretVariable(mount, secrets) : []));
    const hidden = [...secrets.values()].flatMap((value) => (value === undefined || value.length === 0 ? [] : [value]));
    const made: WorkerExec = {
      ...rest,
      ...(found === undefined ? {} : { env: [...rest.env, ...found.env], devices: found.devices }),
      mounts: [...worked.flat(), ...(found?.mounts ?? [])],
      ...(secretEnv.length > 0 ? { secretEnv } : {}),
      ...(hidden.length > 0 ? { hidden } : {}),
    };
    return { op: made, release: () => caches.release() };
  } catch (error) {
    caches.release();
    throw error;
  }
}

async function askSecrets(mounts: readonly Mount[], { secrets }: ExecParts): Promise<Secrets> {
  const values = new Map<string, Buffer | undefined>();
  for (const mount of mounts) {
    if (mount.type !== 'secret') continue;
    if (!values.has(mount.id)) values.set(mount.id, await secrets?.get(mount.id));
    if (mount.required && values.get(mount.id) === undefined) throw missing(`secret ${mount.id}: not found`, `give it: --secret id=${mount.id},src=FILE`);
  }
  return values;
}

/** One that is not given is empty, as in BuildKit. */
function secretVariable({ id, env }: SecretMount, secrets: Secrets): readonly string[] {
  if (env === undefined) return [];
  const value = secrets.get(id)?.toString('utf8') ?? '';
  if (value.includes('\0')) throw new OperatorError('USAGE', `the secret ${id} holds a zero byte, which no variable can`, { hint: 'mount it as a file' });
  return [`${env}=${value}`];
}

async function workerMount(mount: Mount, secrets: Secrets, caches: HeldCaches, parts: ExecParts): Promise<readonly WorkerMount[]> {
  switch (mount.type) {
    case 'bind': {
      const { target, readonly } = mount;
      return [{ type: 'bind', target, readonly, tree: await parts.source(inputOf(mount.input, parts), mount.source) }];
    }
    case 'cache':
      return [await cacheMount(mount, caches, parts)];
    case 'tmpfs':
      return [mount];
    case 'secret':
      return fileOf(mount, secrets.get(mount.id));
    case 'ssh':
      return agentOf(mount, parts);
  }
}

async function cacheMount(mount: CacheMount, caches: HeldCaches, parts: ExecParts): Promise<WorkerMount> {
  const { target, readonly, from, mode, uid, gid } = mount;
  const start = from === undefined ? {} : { start: await parts.source(inputOf(from.input, parts), from.source) };
  return {
    type: 'cache', target, readonly, directory: caches.directoryOf(mount), ...start,
    ...(mode === undefined ? {} : { mode }), ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }),
  };
}

function fileOf({ target, mode, uid, gid }: SecretMount, value: Buffer | undefined): readonly WorkerMount[] {
  return target === undefined || value === undefined ? [] : [{ type: 'secret', target, value, mode, uid, gid }];
}

async function agentOf({ id, target, mode, uid, gid, required }: SshMount, { ssh }: ExecParts): Promise<readonly WorkerMount[]> {
  const socket = await ssh?.socket(id);
  if (socket !== undefined) return [{ type: 'ssh', target, mode, uid, gid, socket }];
  if (required) throw missing(`no SSH key "${id}" forwarded from the client`, `give an agent or a key: --ssh ${id}`);
  return [];
}

function missing(message: string, hint: string): OperatorError {
  return new OperatorError('SECRET_MISSING', message, { at: '--mount', hint });
}
