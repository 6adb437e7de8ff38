import { availableParallelism } from 'node:os';
import { OperatorError, type Backend, type BackendCapabilities, type BackendSession, type Platform, type ResolvedImage, type SessionOptions } from '@strake/api';
import { findImage, readImage, type Store } from '@strake/oci';
import { Bases } from './bases';
import { canRunHere, FOREIGN_HINT } from './foreign/can-run';
import { checkExtraHosts } from './check-extra-hosts';
import { CDI_FOLDERS } from './devices/read-specs';
import { possibleLimits, type PossibleLimits } from './limits/possible-limits';
import { ReadonlySession } from './readonly-session';
import { endPrograms } from './end-programs';
import { findRuntime } from './runtime';
import { runtimeFolders } from './runtime-folders';
import { EmbeddedSession } from './session';
import { IdleThreads } from './worker/idle-threads';
import { WorkerPool } from './worker/pool';

/** What the backend is made of. */
export interface EmbeddedOptions {
  readonly store: Store;
  readonly env: NodeJS.ProcessEnv;
  /** Most threads for file work; by default 2, or 1 on a machine with one processor. */
  readonly workers?: number;
  /** Folders with descriptions of devices (CDI); by default those of the system. */
  readonly deviceFolders?: readonly string[];
}

/** A backend that builds on this machine without a daemon: overlay snapshots in a store, programs in an OCI runtime. */
export function createEmbeddedBackend({ store, env, workers, deviceFolders = CDI_FOLDERS }: EmbeddedOptions): Backend {
  const limit = workers ?? Math.min(2, availableParallelism());
  const idle = new IdleThreads(2 * limit, env);
  return {
    name: 'embedded',
    capabilities: capabilities(store, env),
    resolveImage: async (reference, platform) => resolveImage(store, reference, platform),
    async open(options: SessionOptions): Promise<BackendSession> {
      const reason = notHere();
      const pool = new WorkerPool(limit, idle);
      if (options.readonly === true) {
        const bases = new Bases({ store, pool, signal: options.signal });
        return new ReadonlySession({ store, pool, options, deviceFolders }, bases, reason === undefined);
      }
      if (reason !== undefined) throw new OperatorError('PERMISSION', `the embedded backend cannot build here: ${reason}`, { hint: 'run as root on Linux' });
      checkExtraHosts(options.extraHosts);
      // Programs first: they may still write into what is removed then.
      store.reclaim((directory) => endPrograms(store, directory));
      return new EmbeddedSession({ store, pool, options, deviceFolders });
    },
    close: () => idle.close(),
  };
}

function capabilities(store: Store, env: NodeJS.ProcessEnv): BackendCapabilities {
  let possible: PossibleLimits | undefined;
  const cannotExecute = notHere() ?? missingRuntime(store, env);
  return {
    ops: new Set(['source', 'exec', 'copy', 'mkdir', 'mkfile', 'merge', 'squash']),
    networks: new Set(['default', 'none', 'host']),
    mounts: new Set(['bind', 'cache', 'tmpfs', 'secret', 'ssh']),
    insecure: true,
    devices: true,
    ...(cannotExecute === undefined ? {} : { cannotExecute }),
    archives: true,
    restores: true,
    failedStates: true,
    squash: true,
    // Looked for when somebody asks for a limit.
    get limits() {
      return (possible ??= possibleLimits()).names;
    },
    get limitsHint() {
      return (possible ??= possibleLimits()).hint;
    },
    canRun: canRunHere,
    foreignHint: FOREIGN_HINT,
  };
}

function notHere(): string | undefined {
  if (process.platform !== 'linux') return 'it needs Linux';
  return process.getuid?.() === 0 ? undefined : 'it needs root';
}

function missingRuntime(store: Store, env: NodeJS.ProcessEnv): string | undefined {
  const found = findRuntime(env, runtimeFolders(store, store.root));
  return 'reason' in found ? found.reason : undefined;
}

function resolveImage(store: Store, reference: string, platform: Platform): ResolvedImage {
  const image = readImage(store, findImage(store, reference).manifest, platform, reference);
  const { digest } = image.manifest;
  return { reference: `${reference.split('@', 1)[0] ?? ''}@${digest}`, digest, id: image.configDescriptor.digest, config: image.config, platform };
}
