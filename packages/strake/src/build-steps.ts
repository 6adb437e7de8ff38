import { InternalError, OperatorError, type BackendSession, type BuildEvent, type CacheStrategy, type Image, type SnapshotReference, type StepGraph, type StepStrategy } from '@strake/api';
import type { BuildOptions } from './build-options';
import type { Prepared } from './prepare';
import { skipCache } from './skip-cache';

/** What a build came to: the images of its results, and their states. */
export interface Solved {
  readonly images: readonly Image[];
  readonly roots: readonly (SnapshotReference | null)[];
}

/** A build as strategies see it that build instruction by instruction. */
export function stepGraph({ graph, facts }: Pick<Prepared, 'graph' | 'facts'>, { labels = {}, buildArgs = {}, network = 'default', cacheFrom = [] }: BuildOptions): StepGraph {
  return { graph, facts, labels, buildArgs, network, cacheFrom: cacheFrom.map(imageOfSource) };
}

/** A name alone, or what buildx calls a registry's cache. Throws UNSUPPORTED for other kinds. */
function imageOfSource(source: string): string {
  if (!source.includes('=')) return source;
  const fields = new Map(source.split(',').map((field) => [field.split('=', 1)[0]?.trim() ?? '', field.slice(field.indexOf('=') + 1).trim()]));
  const reference = fields.get('ref');
  if ((fields.get('type') ?? 'registry') === 'registry' && reference) return reference;
  throw new OperatorError('UNSUPPORTED', `--cache-from ${source}: the classic cache reads the histories of images only`, { hint: 'name an image' });
}

/** Refuses a source of cache where nothing would ask it. Throws UNSUPPORTED. */
export function checkCacheFrom({ cacheFrom = [] }: BuildOptions, cache: CacheStrategy): void {
  if (cacheFrom.length === 0 || cache.steps !== undefined) return;
  throw new OperatorError('UNSUPPORTED', `--cache-from needs the classic cache; this build uses "${cache.name}"`, { hint: 'give --cache classic, which knows images by their histories' });
}

/** Builds with an image of each instruction. */
export async function buildSteps(prepared: Prepared, options: BuildOptions, strategy: StepStrategy, parts: { readonly session: BackendSession; readonly signal: AbortSignal; readonly emit: (event: BuildEvent) => void }): Promise<Solved> {
  const { session, signal, emit } = parts;
  const { graph } = prepared;
  const [result] = graph.results;
  if (result === undefined) throw new TypeError('a graph has at least one result');
  const { vertices, stages, globals } = graph;
  emit({ type: 'graph', at: Date.now(), vertices: vertices.map(({ digest, inputs, parent, note }) => ({ digest, inputs: parent ? [parent, ...inputs] : inputs, note })), stages, globals });
  const last = await strategy.build(stepGraph(prepared, options), { session, signal, emit, skipCache: skipCache(options) });
  if (last === undefined) return { images: [await session.image(result, null)], roots: [null] };
  if (session.steps === undefined) throw new InternalError('a build of steps had a session without any');
  const root = session.steps.tree(last);
  const { history, config } = last;
  const image = result.squash === undefined ? await session.steps.open(last) : await session.image({ ...result, history, config: { ...result.config, config } }, root);
  return { images: [image], roots: [root] };
}
