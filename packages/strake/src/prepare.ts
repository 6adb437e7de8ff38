import type { Backend, BuildContext, BuildEvent, BuildGraph, Dockerfile } from '@strake/api';
import type { Instructions } from '@strake/core';
import { lowerDockerfile, parseDockerfile, parsePlatform } from '@strake/core';
import { parseReference, type Store } from '@strake/oci';
import { resolve } from 'node:path';
import type { BuildOptions } from './build-options';
import { BaseFinder } from './base-finder';
import { checkCapabilities } from './check-capabilities';
import { attachSource } from './error-source';
import { checkGrants, grantsOf } from './grants';
import { hostPlatform } from './host-platform';
import { openInput, type BuildInput } from './input/open-input';
import { LockFile } from './lock-file';
import { namedContexts } from './named-contexts';
import type { RegistryAccess } from './registry-access';

/** What preparing needs of the builder. */
export interface PrepareParts {
  readonly backend: Backend;
  readonly instructions: Instructions;
  readonly store: Store;
  readonly registries: RegistryAccess;
  readonly cwd: string;
}

/** All that is known before anything runs. */
export interface Prepared {
  readonly dockerfile: Dockerfile;
  readonly graph: BuildGraph;
  /** By name; the main one is `` (empty). */
  readonly contexts: ReadonlyMap<string, BuildContext>;
  /** Removes what was brought in for this build; whoever prepares calls it at the end. */
  release(): void;
}

/**
 * From options to a graph: reads the Dockerfile, finds contexts and base images, lowers, and refuses what the backend
 * cannot do. Nothing has run when this throws.
 */
export async function prepare(options: BuildOptions, parts: PrepareParts, signal: AbortSignal, emit: (event: BuildEvent) => void = () => undefined): Promise<Prepared> {
  const input = await openInput(options, { ...parts, signal });
  try {
    return { ...(await prepareInput(input, options, parts, { signal, emit })), release: () => input.release() };
  } catch (error) {
    input.release();
    throw error;
  }
}

interface Following {
  readonly signal: AbortSignal;
  readonly emit: (event: BuildEvent) => void;
}

async function prepareInput(input: BuildInput, options: BuildOptions, parts: PrepareParts, { signal, emit }: Following): Promise<Omit<Prepared, 'release'>> {
  const { backend, instructions, store, cwd } = parts;
  const grants = grantsOf(options);
  const { text, name } = input.dockerfile;
  return attachSource(name, text, async () => {
    const dockerfile = parseDockerfile(text, { file: name, syntax: instructions.syntax });
    const named = await namedContexts(options.buildContexts ?? {}, { store, cwd, signal });
    parts.registries.allow(options.insecureRegistries ?? []);
    const lock = options.lock === undefined || options.lock === false ? undefined : new LockFile(resolve(cwd, 'strake.lock'), options.lock);
    const bases = new BaseFinder({ store, registries: parts.registries, policy: options.pull ?? 'missing', offline: options.offline ?? false, lock, signal, emit });
    const graph = await lower(dockerfile, options, { backend, instructions, named, bases, signal });
    if (!store.readonly) lock?.write();
    checkCapabilities(graph, backend.capabilities);
    checkGrants(graph, grants);
    return { dockerfile, graph, contexts: new Map([['', input.context()], ...named.directories]) };
  });
}

interface LowerParts {
  readonly backend: Backend;
  readonly instructions: Instructions;
  readonly named: Awaited<ReturnType<typeof namedContexts>>;
  readonly bases: BaseFinder;
  readonly signal: AbortSignal;
}

async function lower(dockerfile: Dockerfile, options: BuildOptions, { backend, instructions, named, bases, signal }: LowerParts): Promise<BuildGraph> {
  const buildPlatform = hostPlatform();
  return lowerDockerfile(dockerfile, {
    registry: instructions,
    resolveImage: async (reference, platform) => backend.resolveImage(named.images.get(reference) ?? (await bases.ready(reference, platform)), platform),
    checkReference: (reference) => void parseReference(reference),
    buildArgs: options.buildArgs ?? {},
    labels: options.labels ?? {},
    platform: options.platform === undefined ? buildPlatform : parsePlatform(options.platform),
    buildPlatform,
    network: options.network ?? 'default',
    namedContexts: new Set(named.directories.keys()),
    namedImages: new Set(named.images.keys()),
    signal,
    ...(options.target === undefined ? {} : { target: options.target }),
  });
}
