import type { BuildGraph } from '@strake/api';
import type { GraphBuilder } from './graph-builder';

/** What lowering for one platform gave; its vertices are in the builder. */
export type LoweredPlatform = Omit<BuildGraph, 'vertices'>;

/** One graph of what was lowered into `graph` for each platform. A warning that several platforms have is there once. */
export function mergeLowered(lowered: readonly LoweredPlatform[], graph: GraphBuilder): BuildGraph {
  const results = lowered.flatMap((one) => one.results);
  const target = (index: number) => (results.length > 1 && results[index] !== undefined ? { target: results[index].platform } : {});
  const warnings = new Map(lowered.flatMap((one) => one.warnings).map((warning) => [JSON.stringify(warning), warning]));
  const required = [...new Set(lowered.flatMap((one) => one.required ?? []))];
  return {
    vertices: graph.neededBy([...results.map(({ root }) => root), ...required]),
    results,
    ...(required.length > 0 ? { required } : {}),
    stages: lowered.flatMap(({ stages }, index) => stages.map((stage) => ({ ...target(index), ...stage }))),
    globals: lowered[0]?.globals ?? [],
    warnings: [...warnings.values()],
  };
}
