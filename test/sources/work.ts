import type { SecretProvider, SourceOp, SourceOptions, SourceProvider } from '@strake/api';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a backend gives a provider, in a folder of the test's. */
export interface Workplace {
  readonly cacheDirectory: string;
  /** Asks what an op is now. */
  resolve(provider: SourceProvider, op: SourceOp): ReturnType<SourceProvider['resolve']>;
  /** Resolves and fetches into a new directory; answers that. */
  bring(provider: SourceProvider, op: SourceOp): Promise<string>;
}

/** Secrets by name. */
export const secretsOf = (values: Readonly<Record<string, string>>): SecretProvider => ({ get: async (id) => (values[id] === undefined ? undefined : Buffer.from(values[id])) });

/** A place to work in below a folder. */
export function makeWorkplace(folder: string, more: Partial<SourceOptions> = {}): Workplace {
  const cacheDirectory = join(folder, 'cache');
  mkdirSync(cacheDirectory, { recursive: true });
  const call = async <T>(work: (options: SourceOptions) => Promise<T>): Promise<T> => {
    const scratch = mkdtempSync(join(folder, 'scratch-'));
    try {
      return await work({ cacheDirectory, scratch, readonly: false, signal: new AbortController().signal, progress: () => undefined, ...more });
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  };
  const resolve: Workplace['resolve'] = (provider, op) => {
    provider.check(op);
    return call((options) => provider.resolve(op, options));
  };
  return {
    cacheDirectory, resolve,
    bring: async (provider, op) => {
      const { pinned } = await resolve(provider, op);
      const directory = mkdtempSync(join(folder, 'tree-'));
      await call((options) => provider.fetch(pinned, directory, options));
      return directory;
    },
  };
}
