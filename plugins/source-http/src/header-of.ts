import type { Reply } from '@strake/registry';

/** A header's one value, by its lower-case name. */
export function headerOf({ headers }: Reply, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
