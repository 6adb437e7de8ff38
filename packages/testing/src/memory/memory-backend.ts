import { OperatorError, type ApplyOptions, type Backend, type BackendCapabilities, type ContainerConfig, type ExecOp, type Image, type Platform } from '@strake/api';
import { memoryImage } from '../tree/memory-image';
import type { MemoryFiles } from './memory-files';
import { MEMORY_MOUNTS } from './memory-mounts';
import { MemorySession } from './memory-session';
import { MemoryState } from './memory-state';

/** What runs in place of a program: it may change files, write logs, fail with an exit code (or by throwing), or wait. */
export type MemoryProgram = (files: MemoryFiles, run: MemoryRun) => Promise<number | void> | number | void;

/** How a program was called, and where its output goes. */
export interface MemoryRun extends ApplyOptions {
  readonly exec: ExecOp;
}

/** What a backend in memory knows from the beginning. */
export interface MemoryBackendOptions {
  /** Base images by reference: their config, and texts by path. All others are missing. */
  readonly images?: Readonly<Record<string, { readonly config?: ContainerConfig; readonly files?: Readonly<Record<string, string>> }>>;
  /** By the first word of what is executed; `*` is for all others. Without it they fail as a missing program does: exit code 127. */
  readonly programs?: Readonly<Record<string, MemoryProgram>>;
  /** The main build context of sessions that are given none: texts by path. */
  readonly context?: Readonly<Record<string, string>>;
}

/** A backend without files, processes, root or Linux: trees are maps, programs are functions. */
export interface MemoryBackend extends Backend {
  /** The main build context of sessions that are given none; may be changed between builds. */
  readonly context: Map<string, string>;
  /** What was applied, in order: the names of the vertices. */
  readonly applied: readonly string[];
  /** The most vertices that were applied at once. */
  readonly most: number;
  /** How many are applied now. */
  readonly running: number;
  /** Forgets the snapshots of the vertices of some names, or all, as if they had been pruned. */
  forget(...names: readonly string[]): void;
}

const capabilities: BackendCapabilities = {
  ops: new Set(['source', 'exec', 'copy', 'mkdir', 'mkfile', 'merge']),
  networks: new Set(['default', 'none', 'host']),
  mounts: new Set(MEMORY_MOUNTS),
  archives: true,
  canRun: () => true,
};

/**
 * Makes a backend in memory. It holds to the laws of backends (`backendConformance`), and refuses what it cannot do: mounts
 * of secrets and agents, account names, `--parents`, archives to unpack.
 */
export function createMemoryBackend({ images = {}, programs = {}, context = {} }: MemoryBackendOptions = {}): MemoryBackend {
  const state = new MemoryState(programs, new Map(Object.entries(context)), (reference, platform) => imageOf(images, reference, platform));
  return {
    name: 'memory',
    // Its snapshots are not strake's.
    records: 'memory',
    capabilities,
    context: state.context,
    applied: state.applied,
    get most() {
      return state.most;
    },
    get running() {
      return state.running;
    },
    forget: (...names) => state.forget(names),
    async resolveImage(reference, platform) {
      const { manifest, config } = state.image(reference, platform);
      return { reference: `${reference.replace(/@sha256:.*$/, '')}@${manifest.digest}`, digest: manifest.digest, config, platform };
    },
    open: async (options) => new MemorySession(state, options),
  };
}

function imageOf(images: NonNullable<MemoryBackendOptions['images']>, reference: string, platform: Platform): Image {
  const found = images[reference.replace(/@sha256:.*$/, '')];
  if (found === undefined) throw new OperatorError('IMAGE_MISSING', `no image ${reference}`, { hint: `there are ${Object.keys(images).join(', ') || 'none'}` });
  return memoryImage({ platform, layers: [found.files ?? {}], ...(found.config === undefined ? {} : { config: found.config }) });
}
