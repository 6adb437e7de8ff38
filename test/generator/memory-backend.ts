import { OperatorError, type Backend, type BackendSession, type ContainerConfig, type Digest, type ImageConfigFile, type Platform, type ResolvedImage } from '@strake/api';

const configs: Readonly<Record<string, ContainerConfig>> = {
  'example.test/base:1': { Env: ['PATH=/bin'], Cmd: ['/bin/sh'] },
  'example.test/layers:1': { Env: ['PATH=/bin'], Cmd: ['/bin/sh'] },
  'example.test/config:1': { Env: ['PATH=/bin', 'GREETING=hello', 'EMPTY='], User: 'app', WorkingDir: '/home/app', Entrypoint: ['/bin/echo'], Shell: ['/bin/ash', '-e', '-c'] },
  'example.test/onbuild:1': { Env: ['PATH=/bin'], OnBuild: ['ARG VERSION=unset', 'COPY . /app/', 'RUN echo "$VERSION" > /app/version'] },
};

/** A backend for dry runs that knows the base images of the tests by their config alone: no store, no files, no root. */
export const memoryBackend: Backend = {
  name: 'memory',
  capabilities: {
    ops: new Set(['source', 'exec', 'copy', 'mkdir', 'mkfile', 'merge']),
    networks: new Set(['default', 'none', 'host']),
    mounts: new Set(['bind', 'cache', 'tmpfs', 'secret', 'ssh']),
    canRun: () => true,
  },
  resolveImage: async (reference, platform) => resolveImage(reference, platform),
  open: async () => session,
};

function resolveImage(reference: string, platform: Platform): ResolvedImage {
  const config = configs[reference];
  if (config === undefined) throw new OperatorError('IMAGE_MISSING', `no image ${reference}`);
  const { os, architecture } = platform;
  const file: ImageConfigFile = { os, architecture, config, rootfs: { type: 'layers', diff_ids: [digest('layer')] }, history: [] };
  return { reference, digest: digest(reference), platform, config: file };
}

const digest = (text: string): Digest => `sha256:${Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64)}`;

/** Only a dry run asks it, and a dry run makes nothing. */
const never = (): never => {
  throw new Error('a dry run makes nothing');
};

const session: BackendSession = {
  sourceDigest: async ({ reference }) => digest(reference),
  source: async ({ reference }) => ({ id: digest(reference) }),
  select: async () => undefined,
  apply: never,
  has: async () => false,
  image: never,
  close: async () => undefined,
};
