import type { Backend, BackendSession, BuildEvent, BuildGraph, BuilderHooks, CachePlaceType, CacheStrategy, Descriptor, Diagnostic, Exporter, ExportRequest, Image, SnapshotReference, SourceProvider } from '@strake/api';
import type { Instructions } from '@strake/core';
import { makeIndex, type Store } from '@strake/oci';
import { solve, type SolveOptions } from '@strake/solver';
import type { BuildOptions, BuildResult } from './build-options';
import { buildResult, type Made } from './build-result';
import { buildSteps, type Solved } from './build-steps';
import { closing } from './closing';
import { cacheBuild } from '../caching/cache-build';
import { StepCounts } from '../caches/build-statistics';
import { choosePlaces, type ChosenPlaces } from '../cache-places/choose-places';
import { remoteCache, withInline } from '../cache-places/remote-cache';
import type { RemoteCache } from '@strake/cache-remote';
import { attachDockerfile } from '../errors/error-source';
import { checkTimes, chooseExports, type ChosenExport } from '../exports/choose-exports';
import { exportAll } from '../exports/export-all';
import { checkParallelism } from '../prepare/check-parallelism';
import { checkFailures, handleFailures } from '../failed/handle-failures';
import type { Lane } from '../builder/fair-gate';
import { imageIdOf } from './image-id';
import { namedTags } from './named-tags';
import { openSecrets, type OpenSecrets } from '../secrets/open-secrets';
import { prepare, type Prepared } from '../prepare/prepare';
import type { RegistryAccess } from '../registries/registry-access';
import { skipCache } from '../caching/skip-cache';
import type { SyntaxPolicy } from '../prepare/syntax-policy';
import { wantedPlatforms, type WantedPlatforms } from './wanted-platforms';

/** What a build is made with. */
export interface BuildParts {
  readonly backend: Backend;
  readonly cache: CacheStrategy;
  /** Kinds of places for caches outside the store. */
  readonly cachePlaces: readonly CachePlaceType[];
  readonly exporters: readonly Exporter[];
  readonly instructions: Instructions;
  readonly syntax: SyntaxPolicy;
  readonly store: Store;
  readonly registries: RegistryAccess;
  /** By scheme. */
  readonly sources: ReadonlyMap<string, SourceProvider>;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where this build waits for turns that it shares with others. */
  readonly turns?: Lane;
}

/** One build, from options to an image in the store and whatever exports were asked for. */
export async function build(options: BuildOptions, parts: BuildParts): Promise<BuildResult> {
  const signal = options.signal ?? new AbortController().signal;
  const names = namedTags(options.tags ?? []);
  if (options.parallelism !== undefined) checkParallelism(options.parallelism);
  const wanted = wantedPlatforms(options);
  checkFailures(options, parts);
  const secrets = openSecrets(options, parts);
  const { exporters, cwd, backend: { capabilities } } = parts;
  const exports = chooseExports(options.outputs ?? [], { exporters, capabilities, cwd, plan: { ...wanted, names, cwd } });
  const places = choosePlaces(options, { ...parts, types: parts.cachePlaces });
  let { hooks } = parts.instructions;
  const warnings: Diagnostic[] = [];
  const emit = emitter(() => hooks, warnings, options);
  const end: { error?: unknown } = {};
  let release = (): void => undefined;
  try {
    const prepared = await prepare(options, { ...parts, access: secrets }, signal, emit);
    release = () => prepared.release();
    hooks = prepared.instructions.hooks;
    checkTimes(exports, epochOf(prepared));
    for (const diagnostic of prepared.warnings) emit({ type: 'warning', at: Date.now(), diagnostic });
    const made = await attachDockerfile(prepared.dockerfile, () => make(prepared, options, parts, { signal, emit, names, wanted, exports, places, secrets }));
    return buildResult({ ...made, warnings });
  } catch (error) {
    end.error = error;
    throw error;
  } finally {
    await secrets.close();
    release();
    await hooks.done.promise(end);
  }
}

type Emit = (event: BuildEvent) => void;

function emitter(hooks: () => BuilderHooks, warnings: Diagnostic[], { onEvent }: BuildOptions): Emit {
  return (event) => {
    if (event.type === 'warning') warnings.push(event.diagnostic);
    hooks().event.call(event);
    onEvent?.(event);
  };
}

interface Making {
  readonly signal: AbortSignal;
  readonly emit: Emit;
  readonly names: readonly string[];
  readonly wanted: WantedPlatforms;
  readonly exports: readonly ChosenExport[];
  readonly places: ChosenPlaces;
  readonly secrets: OpenSecrets;
}

/** Solves, makes the images, names and exports them, all in one session: what it holds cannot be pruned meanwhile. */
async function make(prepared: Prepared, options: BuildOptions, parts: BuildParts, making: Making): Promise<Omit<Made, 'warnings'>> {
  const { graph, contexts } = prepared;
  const { signal, emit, names, wanted, exports, places, secrets: { secrets, ssh } } = making;
  const epoch = epochOf(prepared);
  const given = epoch === undefined ? {} : { epoch };
  const session = await parts.backend.open({ graph, contexts, extraHosts: options.extraHosts ?? [], ...(options.limits === undefined ? {} : { limits: options.limits }), ...(options.keepContainers === true ? { keepContainers: true } : {}), sources: parts.sources, secrets, ssh, signal, ...given });
  const remote = remoteCache(parts.cache, places, { session, graph, store: parts.store, emit });
  const work = async (): Promise<Omit<Made, 'warnings'>> => {
    const { steps } = parts.cache;
    const { images, roots } = steps === undefined ? await solveGraph(graph, options, { ...parts, cache: remote ?? parts.cache }, { session, signal, emit, exports, inline: places.inline ? remote : undefined }) : await buildSteps(prepared, options, steps, { session, signal, emit, content: exports.some(needsLayers) });
    const named = isNamed(exports) ? names : [];
    const manifest = await keep(images, named, wanted, parts);
    const platforms = wanted.multiPlatform ? { platforms: wanted.platforms } : {};
    const request = { images, names, signal, ...platforms, ...given, ...treesOf(session, roots, epoch) };
    return { images, manifest, names: named, platforms: wanted.platforms, isIndex: wanted.multiPlatform, exports: await exportAll(exports, request, emit) };
  };
  return closing(work, async () => {
    await session.close();
    await remote?.close();
  });
}

async function solveGraph(graph: BuildGraph, options: BuildOptions, parts: BuildParts, { session, signal, emit, exports, inline }: Pick<Making, 'signal' | 'emit' | 'exports'> & { readonly session: BackendSession; readonly inline: RemoteCache | undefined }): Promise<Solved> {
  const build = cacheBuild(options, parts.cwd, graph);
  const [counts, begun] = [new StepCounts(), Date.now()];
  const counted: Emit = (event) => {
    counts.see(event);
    emit(event);
  };
  await parts.cache.begin?.(build, signal);
  const failed = handleFailures(options, parts.store, (message) => emit({ type: 'warning', at: Date.now(), diagnostic: { code: 'StepFailedHandler', severity: 'warning', message } }));
  const roots = await solve(graph, { session, cache: parts.cache, build, signal, emit: counted, skipCache: skipCache(options), ...limitsOf(options, parts), ...(failed === undefined ? {} : { failed }) });
  const images: Image[] = [];
  for (const [at, result] of graph.results.entries()) images.push(await session.image(await withInline(result, roots[at] ?? null, inline), roots[at] ?? null, { content: exports.some(needsLayers) }));
  await parts.cache.end?.(build, { graph, roots, signal, progress: () => undefined });
  counts.remember(parts.store, build, begun);
  return { images, roots };
}

function limitsOf({ parallelism }: BuildOptions, { turns }: BuildParts): Pick<SolveOptions, 'parallelism' | 'turns'> {
  return { ...(parallelism === undefined ? {} : { parallelism }), ...(turns === undefined ? {} : { turns }) };
}

const epochOf = ({ graph }: Prepared): number | undefined => graph.results[0]?.clamp?.epoch;

/** Who asks for the cache alone, or for nothing in the store, wants no image under a name. */
function isNamed(exports: readonly ChosenExport[]): boolean {
  const unwanted = exports.some(({ attributes }) => /^(?:0|f|false)$/i.test(attributes['store'] ?? ''));
  return !unwanted && (exports.length === 0 || exports.some(({ exporter }) => exporter.type !== 'cacheonly'));
}

const needsLayers = ({ exporter, attributes }: ChosenExport): boolean => exporter.needsLayers?.(attributes) ?? true;

/** Names the result where its backend keeps images: in the store, or in a place of its own. */
async function keep(images: readonly Image[], names: readonly string[], wanted: WantedPlatforms, { store, backend }: BuildParts): Promise<Descriptor> {
  const [first] = images;
  if (first === undefined) throw new TypeError('a graph has at least one result');
  const manifest = backend.images === undefined ? resultOf(store, first, images, wanted) : first.manifest;
  for (const name of names) await (backend.images === undefined ? store.names.set(name, manifest) : backend.images.tag(imageIdOf(first), name));
  return manifest;
}

/** What stands for the result in the store: the image, or an index that is kept for it. */
function resultOf(store: Store, first: Image, images: readonly Image[], { platforms, multiPlatform }: WantedPlatforms): Descriptor {
  if (!multiPlatform) return first.manifest;
  const entries = images.map(({ manifest: { mediaType, digest, size } }, at) => {
    const { architecture, os, variant } = platforms[at] ?? first.config;
    return { mediaType, digest, size, platform: { architecture, os, ...(variant === undefined ? {} : { variant }) } };
  });
  const { descriptor, bytes } = makeIndex(entries);
  return store.blobs.write(descriptor.mediaType, bytes);
}

function treesOf(session: BackendSession, roots: readonly (SnapshotReference | null)[], epoch: number | undefined): Pick<ExportRequest, 'trees'> {
  if (session.archive === undefined) return {};
  const archive = session.archive.bind(session);
  return { trees: roots.map((root) => (options = {}) => archive(root, { ...options, ...(epoch === undefined ? {} : { epoch }) })) };
}
