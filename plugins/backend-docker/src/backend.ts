import { createHash } from 'node:crypto';
import { OperatorError, type Backend, type BackendCapabilities, type BackendSession, type Platform, type ResolvedImage, type SessionOptions } from '@strake/api';
import type { Store } from '@strake/oci';
import { checkGraph } from './check-graph';
import { dockerOptions } from './docker-options';
import { EngineAccess, findEngine, type EngineClient } from './engine';
import { baseConfig } from './image/base-config';
import { engineImages } from './images/engine-images';
import { isFor, missing } from './images/ready-image';
import type { AskCredential } from './images/registry-auth';
import { reclaim } from './session/reclaim';
import { reclaimScratch } from './session/reclaim-scratch';
import { DockerSession } from './session/session';
import { checkSettings } from './settings/check-settings';

/** What the backend is made of. */
export interface DockerBackendOptions {
  /** Keeps records of what is in the engine, the caches' locks, and what exporters read. */
  readonly store: Store;
  readonly env: NodeJS.ProcessEnv;
  /** `host`, `context`, `tls`, `security-opt`, `isolation`, `network`. */
  readonly options?: Readonly<Record<string, string>>;
  /** Who asks a registry. */
  readonly credential: AskCredential;
}

/** A backend that builds in a Docker Engine. Nothing is asked of one before the first build. Throws CONFIG_INVALID. */
export function createDockerBackend({ store, env, options: given = {}, credential }: DockerBackendOptions): Backend {
  const options = dockerOptions(given);
  const access = new EngineAccess(options, env);
  const address = lazily(() => findEngine(options, env));
  return {
    name: 'docker',
    capabilities: CAPABILITIES,
    images: engineImages(access, credential),
    check: checkGraph,
    get records() {
      return `docker-${createHash('sha256').update(address().shown).digest('hex').slice(0, 16)}`;
    },
    async resolveImage(reference, platform) {
      const client = await access.get();
      // What it is takes an engine long to say, and every build asks for it before something is made.
      void client.info().catch(() => undefined);
      return resolveImage(client, reference, platform);
    },
    async open(session: SessionOptions): Promise<BackendSession> {
      const client = await access.get(session.signal);
      const { securityOptions, allSystemPaths, isolation, network } = options;
      const settings = { securityOptions, allSystemPaths, ...(isolation === undefined ? {} : { isolation }), ...(network === undefined ? {} : { network }) };
      await checkSettings({ ...settings, extraHosts: session.extraHosts, ...(session.limits === undefined ? {} : { limits: session.limits }) }, client);
      // Nothing of a build waits for it, but its end.
      const reclaiming = session.readonly === true ? Promise.resolve() : Promise.all([reclaim(client), reclaimScratch()]).then(() => undefined, () => undefined);
      return new DockerSession({ client, reclaiming, store, options: session, records: this.records ?? 'docker', settings });
    },
    close: () => access.close(),
  };
}

const CAPABILITIES: BackendCapabilities = {
  ops: new Set(['source', 'exec', 'copy', 'mkdir', 'mkfile', 'merge']),
  networks: new Set(['default', 'none', 'host']),
  mounts: new Set(['bind', 'cache', 'tmpfs', 'secret', 'ssh']),
  insecure: true,
  archives: true,
  squash: true,
  keepsContainers: true,
  limits: new Set(['memory', 'memorySwap', 'cpuShares', 'cpuPeriod', 'cpuQuota', 'cpusetCpus', 'cpusetMems', 'cgroupParent', 'shmSize', 'ulimits']),
  // An engine has its own emulators, or none: nobody here can know.
  canRun: () => true,
};

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** An image of the engine is pinned by its ID: not every one has a manifest's digest. */
async function resolveImage({ images }: EngineClient, reference: string, platform: Platform): Promise<ResolvedImage> {
  const image = await images.inspect(reference);
  if (image === undefined || !isFor(image, platform)) throw missing(reference, image, platform);
  if (image.RootFS.Layers === undefined && image.RootFS.Type !== 'layers') throw new OperatorError('UNSUPPORTED', `the image ${reference} is not made of layers`);
  return { reference: `${reference.split('@', 1)[0] ?? ''}@${image.Id}`, digest: image.Id, id: image.Id, config: baseConfig(image, await images.history(image.Id)), platform };
}
