import type { BuildEvent, CopyOp, Diagnostic, Op, StepMiss, Vertex } from '@strake/api';
import { createSimulator, type Simulator, type Takings } from '@strake/backend-simulator';
import { formatPlatform } from '@strake/core';
import { mountRead, solve } from '@strake/solver';
import type { BuildOptions } from '../build/build-options';
import type { BuildParts } from '../build/build';
import { stepGraph } from '../build/build-steps';
import { cacheBuild } from '../caching/cache-build';
import { choosePlaces, type ChosenPlaces } from '../cache-places/choose-places';
import { remoteCache } from '../cache-places/remote-cache';
import { dryCache } from '../caching/dry-cache';
import { describeExec, describeMount, total } from './describe-exec';
import { attachDockerfile } from '../errors/error-source';
import { openSecrets, type OpenSecrets } from '../secrets/open-secrets';
import type { Plan, PlanStep } from './plan-types';
import { prepare, type Prepared } from '../prepare/prepare';
import { skipCache } from '../caching/skip-cache';

/** The dry run: the same preparing, solving and cache as a build, on a backend that makes nothing. */
export async function plan(options: BuildOptions, parts: BuildParts): Promise<Plan> {
  const signal = options.signal ?? new AbortController().signal;
  const simulator = createSimulator(parts.backend);
  const places = choosePlaces(options, { ...parts, types: parts.cachePlaces });
  const secrets = openSecrets(options, parts);
  try {
    const prepared = await prepare(options, { ...parts, backend: simulator, access: secrets }, signal);
    return await simulate(prepared, options, { parts, simulator, secrets, places, signal }).finally(() => prepared.release());
  } finally {
    await secrets.close();
  }
}

interface Simulation {
  readonly parts: BuildParts;
  readonly simulator: Simulator;
  /** Sources from outside are asked for with them. */
  readonly secrets: OpenSecrets;
  readonly places: ChosenPlaces;
  readonly signal: AbortSignal;
}

async function simulate(prepared: Prepared, options: BuildOptions, { parts, simulator, secrets: { secrets, ssh }, places, signal }: Simulation): Promise<Plan> {
  const { graph, contexts, dockerfile, warnings } = prepared;
  const found: Diagnostic[] = [];
  const misses = new Map<string, StepMiss>();
  const origins = new Map<string, string>();
  const emit = (event: BuildEvent): void => {
    if (event.type === 'warning') found.push(event.diagnostic);
    if (event.type === 'cached' && event.from !== undefined) origins.set(event.vertex, event.from);
    if (event.type === 'missed') misses.set(event.vertex, event.miss ?? { reason: event.reason });
  };
  await attachDockerfile(dockerfile, async () => {
    const session = await simulator.open({ graph, contexts, extraHosts: options.extraHosts ?? [], sources: parts.sources, secrets, ssh, signal });
    const build = cacheBuild(options, parts.cwd, graph);
    const dry = dryCache(parts.cache);
    // Nothing is written, so nothing is asked of where it would go.
    const remote = remoteCache(dry, { ...places, to: [], inline: false }, { session, graph, store: parts.store, emit });
    const cache = remote ?? dry;
    try {
      await cache.begin?.(build, signal);
      if (parts.cache.steps?.plan !== undefined) await parts.cache.steps.plan(stepGraph(prepared, options), { session, signal, emit, skipCache: skipCache(options) });
      else await solve(graph, { session, cache, build, signal, emit, skipCache: skipCache(options) });
    } finally {
      await session.close();
      await remote?.close();
    }
  });
  const images = graph.results.map(({ platform, config, history }) => ({
    platform: formatPlatform(platform),
    config: { ...config, rootfs: { type: 'layers' as const, diff_ids: [] }, history },
  }));
  const [first] = images;
  if (!first) throw new TypeError('a graph has at least one result');
  return {
    platform: images.map(({ platform }) => platform).join(','),
    steps: graph.vertices.filter(isStep).map((vertex) => stepOf(vertex, { miss: misses.get(vertex.digest), from: origins.get(vertex.digest) }, simulator.takings)),
    config: first.config,
    images,
    warnings: [...warnings, ...found],
  };
}

const isStep = ({ ops }: Vertex): boolean => ops.every(({ type }) => type !== 'source');

function stepOf(vertex: Vertex, { miss, from }: { readonly miss: StepMiss | undefined; readonly from: string | undefined }, takings: Takings): PlanStep {
  const { digest, note, ops } = vertex;
  const copies = ops.filter((op): op is CopyOp => op.type === 'copy');
  const reads = ops.flatMap((op) => (op.type === 'exec' ? (op.mounts ?? []) : [])).flatMap((mount) => mountRead(mount).map((read) => read.op));
  return {
    name: note.name,
    stage: note.stage,
    digest,
    ...(note.range ? { range: note.range } : {}),
    cached: miss === undefined,
    ...(from === undefined ? {} : { from }),
    ...miss,
    actions: ops.flatMap((op) => [describe(op, takings), ...(op.type === 'exec' ? (op.mounts ?? []).map((mount) => describeMount(mount, takings)) : [])]),
    files: [...copies, ...reads].flatMap((op) => takings.get(op)?.files ?? []).map(({ path, type, size }) => ({ path, type, size })),
  };
}

function describe(op: Op, takings: Takings): string {
  switch (op.type) {
    case 'exec':
      return describeExec(op);
    case 'copy':
      return `${op.unpack ? 'copy or unpack' : 'copy'} ${op.sources.join(' ')} to ${op.destination}${total(takings.get(op))}`;
    case 'mkdir':
      return `make directory ${op.path}`;
    case 'mkfile':
      return `write ${op.path} (${Buffer.byteLength(op.content)} bytes)`;
    case 'merge':
      return op.squash === true ? 'make one layer of several' : 'merge layers';
    case 'source':
      return `take ${op.reference}`;
  }
}
