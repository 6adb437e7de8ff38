import type { DeclaredArgument } from '@strake/api';

/** A declared build argument as a fact; `expanded` is absent when nobody gives it a value. */
export function declaredArgument(
  { name, node }: Pick<DeclaredArgument, 'name' | 'node'>,
  expanded: { readonly value: string; readonly used: readonly string[] } | undefined,
  from: NonNullable<DeclaredArgument['from']>,
): DeclaredArgument {
  return expanded === undefined ? { name, node, uses: [] } : { name, node, value: expanded.value, from, uses: expanded.used };
}
