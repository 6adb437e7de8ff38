import type { BuildGraph } from '@strake/api';

/** A graph as golden files keep it: indented JSON, digests numbered in order of appearance. The list of instructions, which says it all again, is left out. */
export function graphText(graph: BuildGraph): string {
  const numbers = new Map<string, string>();
  const names = graph.vertices.map(({ digest }, index) => [digest as string, `vertex ${index + 1}`] as const);
  names.forEach(([digest, name]) => numbers.set(digest, name));
  const text = JSON.stringify({ ...graph, stages: undefined, globals: undefined }, (_key, value: unknown) => (typeof value === 'string' ? (numbers.get(value) ?? value) : value), 2);
  return `${text}\n`;
}
