import type { Backend, BuildContext, BuildGraph, Diagnostic, Dockerfile, Platform } from '@strake/api';
import { checkFailed } from '@strake/checks';
import type { Instructions } from '@strake/core';
import { checkContext } from '@strake/context';
import { FactCollector, lowerDockerfile, parseDockerfile, parsePlatform, type LowerOptions } from '@strake/core';
import type { Store } from '@strake/oci';
import { resolve } from 'node:path';
import type { BuildOptions } from './build-options';
import { checkCapabilities } from './check-capabilities';
import { checkFacts, warningOf } from './check-facts';
import { attachSource } from './error-source';
import { hostPlatform } from './host-platform';
import { namedContexts } from './named-contexts';
import { openContext } from './open-context';
import { readDockerfile } from './read-dockerfile';

/** What preparing needs of the builder. */
export interface PrepareParts {
  readonly backend: Backend;
  readonly instructions: Instructions;
  readonly store: Store;
  readonly cwd: string;
}

/** All that is known before anything runs. */
export interface Prepared {
  readonly dockerfile: Dockerfile;
  readonly graph: BuildGraph;
  /** Of lowering and of check rules. */
  readonly warnings: readonly Diagnostic[];
  /** By name; the main one is `` (empty). */
  readonly contexts: ReadonlyMap<string, BuildContext>;
}

/**
 * From options to a graph: reads the Dockerfile, finds contexts and base images, lowers, and refuses what the backend
 * cannot do. Nothing has run when this throws.
 */
export async function prepare(options: BuildOptions, parts: PrepareParts, signal: AbortSignal): Promise<Prepared> {
  const { backend, instructions, store, cwd } = parts;
  const directory = resolve(cwd, options.context ?? '.');
  const main = openContext(directory, { name: options.context ?? '.', store, signal });
  checkContext(directory, options.context ?? '.');
  const { text, name, path } = readDockerfile(options, directory, cwd);
  return attachSource(name, text, async () => {
    const dockerfile = parseDockerfile(text, { file: name, syntax: instructions.syntax });
    const named = await namedContexts(options.buildContexts ?? {}, { store, cwd, signal });
    const facts = new FactCollector();
    const graph = await lower(dockerfile, options, { backend, instructions, named, signal }, { facts });
    const context = main(path);
    const report = checkFacts(facts.facts(dockerfile, platformOf(options), context.ignore), instructions, options);
    const failed = checkFailed(report);
    if (failed !== undefined) throw failed;
    checkCapabilities(graph, backend.capabilities);
    const warnings = [...report.notes, ...report.violations.map(warningOf), ...graph.warnings];
    return { dockerfile, graph, warnings, contexts: new Map([['', context], ...named.directories]) };
  });
}

/** What lowering needs of the builder and of the options. */
export interface LowerParts {
  readonly backend: Backend;
  readonly instructions: Instructions;
  readonly named: Awaited<ReturnType<typeof namedContexts>>;
  readonly signal: AbortSignal;
}

/** Lowers a parsed file; `look` is for those who do more, or less, than building. */
export async function lower(
  dockerfile: Dockerfile,
  options: BuildOptions,
  { backend, instructions, named, signal }: LowerParts,
  look: Pick<LowerOptions, 'facts' | 'allStages' | 'onMissingImage'> = {},
): Promise<BuildGraph> {
  return lowerDockerfile(dockerfile, {
    registry: instructions,
    resolveImage: (reference, platform) => backend.resolveImage(named.images.get(reference) ?? reference, platform),
    buildArgs: options.buildArgs ?? {},
    labels: options.labels ?? {},
    platform: platformOf(options),
    buildPlatform: hostPlatform(),
    network: options.network ?? 'default',
    namedContexts: new Set(named.directories.keys()),
    namedImages: new Set(named.images.keys()),
    signal,
    ...look,
    ...(options.target === undefined ? {} : { target: options.target }),
  });
}

/** The platform that a build is for. Throws INVALID_FLAG. */
export function platformOf({ platform }: BuildOptions): Platform {
  return platform === undefined ? hostPlatform() : parsePlatform(platform);
}
