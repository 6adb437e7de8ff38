import { OperatorError, type SourceProvider } from '@strake/api';

const OWN = new Set(['image', 'context', 'file']);

/** The first provider of each scheme, in the order in which they are asked. Throws CONFIG_INVALID. */
export function sourcesByScheme(providers: readonly SourceProvider[]): ReadonlyMap<string, SourceProvider> {
  const byScheme = new Map<string, SourceProvider>();
  for (const provider of providers) {
    if (OWN.has(provider.scheme)) throw new OperatorError('CONFIG_INVALID', `a source provider cannot be for the scheme "${provider.scheme}"`);
    if (!byScheme.has(provider.scheme)) byScheme.set(provider.scheme, provider);
  }
  return byScheme;
}
