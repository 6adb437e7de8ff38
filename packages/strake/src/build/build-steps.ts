import { InternalError, OperatorError, type BackendSession, type BuildEvent, type CacheStrategy, type GraphStage, type Image, type SnapshotReference, type StepGraph, type StepStrategy } from '@strake/api';
import type { BuildOptions } from './build-options';
import { readCacheOption, type CacheOption } from '../cache-places/cache-option';
import type { Prepared } from '../prepare/prepare';
import { skipCache } from '../caching/skip-cache';

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
function imageOfSource(source: CacheOption): string {
  const { type, attributes: { ref: reference } } = readCacheOption('--cache-from', source);
  if (type === 'registry' && reference) return reference;
  throw new OperatorError('UNSUPPORTED', `--cache-from type=${type}: the classic cache reads the histories of images only`, { hint: 'name an image' });
}

/** Refuses what does not go with images of instructions. Throws UNSUPPORTED. */
export function checkStepOptions({ onStepFailed }: BuildOptions, cache: CacheStrategy): void {
  if (cache.steps !== undefined && onStepFailed !== undefined) throw new OperatorError('UNSUPPORTED', 'what a failed step left cannot be shown with the classic cache', { hint: 'use the content cache to look into it' });
}

/** Builds with an image of each instruction. `content`: exporters read the layers. */
export async function buildSteps(prepared: Prepared, options: BuildOptions, strategy: StepStrategy, parts: { readonly session: BackendSession; readonly signal: AbortSignal; readonly emit: (event: BuildEvent) => void; readonly content: boolean }): Promise<Solved> {
  const { session, signal, emit, content } = parts;
  const { graph } = prepared;
  const [result] = graph.results;
  if (result === undefined) throw new TypeError('a graph has at least one result');
  const { vertices, stages, globals } = graph;
  emit({ type: 'graph', at: Date.now(), vertices: vertices.map(({ digest, inputs, parent, note }) => ({ digest, inputs: parent ? [parent, ...inputs] : inputs, note })), stages: withLabels(stages, options.labels ?? {}), globals, images: true });
  const last = await strategy.build(stepGraph(prepared, options), { session, signal, emit, skipCache: skipCache(options) });
  if (last === undefined) return { images: [await session.image(result, null, { content })], roots: [null] };
  if (session.steps === undefined) throw new InternalError('a build of steps had a session without any');
  const root = session.steps.tree(last);
  if (result.squash === undefined) return { images: [await session.steps.open(last, { content })], roots: [root] };
  // An engine tells the history of a whole image alone.
  const { config: { history = [] } } = await session.steps.open(last, { content: false });
  const image = await session.image({ ...result, history, config: { ...result.config, config: last.config } }, root, { content });
  return { images: [image], roots: [root] };
}

/** Labels of the command line are instructions of the last stage, in the order of their names' bytes. */
function withLabels(stages: readonly GraphStage[], labels: Readonly<Record<string, string>>): readonly GraphStage[] {
  const last = stages.at(-1);
  if (last === undefined) return stages;
  const { range, base, steps } = last;
  const { state, config } = steps.at(-1) ?? { state: base, config: {} };
  const sorted = Object.entries(labels).sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  const added = sorted.map(([name, value]) => ({ keyword: 'LABEL', text: `LABEL ${name}=${value}`, range, state, config }));
  return [...stages.slice(0, -1), { ...last, steps: [...steps, ...added] }];
}
