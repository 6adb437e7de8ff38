import type { BuildEvent, CopyOp, Op, StepMiss, Vertex } from '@strake/api';
import { createSimulator, type Simulator, type Takings } from '@strake/backend-simulator';
import { formatPlatform } from '@strake/core';
import { mountRead, solve } from '@strake/solver';
import type { BuildOptions } from './build-options';
import type { BuildParts } from './build';
import { cacheBuild } from './cache-build';
import { dryCache } from './dry-cache';
import { describeExec, describeMount, total } from './describe-exec';
import { attachDockerfile } from './error-source';
import { openSecrets, type OpenSecrets } from './open-secrets';
import type { Plan, PlanStep } from './plan-types';
import { prepare, type Prepared } from './prepare';
import { skipCache } from './skip-cache';

/** The dry run: the same preparing, solving and cache as a build, on a backend that makes nothing. */
export async function plan(options: BuildOptions, parts: BuildParts): Promise<Plan> {
  const signal = options.signal ?? new AbortController().signal;
  const simulator = createSimulator(parts.backend);
  const secrets = openSecrets(options, parts);
  try {
    const prepared = await prepare(options, { ...parts, backend: simulator, access: secrets }, signal);
    return await simulate(prepared, options, { parts, simulator, secrets, signal }).finally(() => prepared.release());
  } finally {
    await secrets.close();
  }
}

interface Simulation {
  readonly parts: BuildParts;
  readonly simulator: Simulator;
  /** Sources from outside are asked for with them. */
  readonly secrets: OpenSecrets;
  readonly signal: AbortSignal;
}

async function simulate({ graph, contexts, dockerfile, warnings }: Prepared, options: BuildOptions, { parts, simulator, secrets: { secrets, ssh }, signal }: Simulation): Promise<Plan> {
  const misses = new Map<string, StepMiss>();
  const emit = (event: BuildEvent): void => {
    if (event.type === 'missed') misses.set(event.vertex, event.miss ?? { reason: event.reason });
  };
  await attachDockerfile(dockerfile, async () => {
    const session = await simulator.open({ graph, contexts, extraHosts: options.extraHosts ?? [], sources: parts.sources, secrets, ssh, signal });
    const build = cacheBuild(options, parts.cwd, graph);
    const cache = dryCache(parts.cache);
    try {
      await cache.begin?.(build, signal);
      await solve(graph, { session, cache, build, signal, emit, skipCache: skipCache(options) });
    } finally {
      await session.close();
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
    steps: graph.vertices.filter(isStep).map((vertex) => stepOf(vertex, misses.get(vertex.digest), simulator.takings)),
    config: first.config,
    images,
    warnings,
  };
}

const isStep = ({ ops }: Vertex): boolean => ops.every(({ type }) => type !== 'source');

function stepOf(vertex: Vertex, miss: StepMiss | undefined, takings: Takings): PlanStep {
  const { digest, note, ops } = vertex;
  const copies = ops.filter((op): op is CopyOp => op.type === 'copy');
  const reads = ops.flatMap((op) => (op.type === 'exec' ? (op.mounts ?? []) : [])).flatMap((mount) => mountRead(mount).map((read) => read.op));
  return {
    name: note.name,
    stage: note.stage,
    digest,
    ...(note.range ? { range: note.range } : {}),
    cached: miss === undefined,
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
