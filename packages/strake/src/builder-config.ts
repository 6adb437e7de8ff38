import type { Backend, CachePlaceType, CredentialProvider, Exporter, Logger, PullPolicy, SourceProvider } from '@strake/api';
import type { Store } from '@strake/oci';
import type { RegistriesConfig } from '@strake/registry';
import type { CacheChoice } from './cache-choice';
import type { GarbagePolicy } from './caches/cache-types';
import type { CacheOption } from './cache-places/cache-option';
import type { LockMode } from './lock-file';
import type { PluginEntry } from './plugins/plugin-entry';
import type { SyntaxRule } from './syntax-policy';

/** Makes a part that needs the store. */
export type Factory<T> = (parts: { readonly store: Store }) => T;

/** What `strake.config.ts` and flags decide. Everything has a default. */
export interface BuilderConfig {
  /** The store's folder; `STRAKE_STORE`, else the system's or the user's data folder. */
  readonly store?: string | undefined;
  /**
   * Registered after the eighteen instructions, in this order: plugins, or names, which are loaded when a build first needs instructions: of
   * plugins that strake ships, of packages, and of files that export plugins.
   */
  readonly plugins?: readonly PluginEntry[];
  /** What files that ask for a frontend (`# syntax=`) are built with; Docker's own frontends need no rule. */
  readonly syntax?: readonly SyntaxRule[];
  /** `embedded`, `docker`, or a backend of your own. */
  readonly backend?: string | Factory<Backend>;
  /** What the backend is told: for `docker` `host`, `context`, `tls`, `way`. */
  readonly backendOptions?: Readonly<Record<string, string>>;
  /** `content`, `none`, `classic`, `read-only`, `ttl=7d`, a strategy of your own, or rules that choose one for each step. */
  readonly cache?: CacheChoice;
  /** Where cached steps come from, for builds that do not say. */
  readonly cacheFrom?: readonly CacheOption[];
  /** Where the cache of each build is written to, for builds that do not say. */
  readonly cacheTo?: readonly CacheOption[];
  /** Kinds of places for caches outside the store, added to `local` and `registry`; one of the same type takes its place. */
  readonly cachePlaces?: readonly CachePlaceType[];
  /** Added to `oci` and `docker`. */
  readonly exporters?: readonly Exporter[];
  /** Added to `git` and `http`; one of the same scheme takes its place. */
  readonly sources?: readonly SourceProvider[];
  /** Insecure hosts, mirrors, authorities; goes before `registries.json`. */
  readonly registries?: RegistriesConfig;
  /** Who proves to registries who asks. With it no credential of the user's files and helpers is used, and `logIn` and `logOut` are refused. */
  readonly credentials?: CredentialProvider;
  /** Hears of builds, their steps and their warnings. Nothing is written anywhere without it. */
  readonly logger?: Logger;
  /** How many steps of all builds together may be made at once, 1 or more; builds get turns one after the other. No limit by default. */
  readonly parallelism?: number;
  /** For builds that do not say; `missing` by default. */
  readonly pull?: PullPolicy;
  /** For builds that do not say; false by default. */
  readonly lock?: LockMode;
  /** After each build the store is brought back into these bounds. No bounds by default. */
  readonly garbage?: GarbagePolicy;
  /** What relative paths are relative to; the working directory, as it is when the builder is made, by default. */
  readonly cwd?: string;
  /** The process's environment, as it is when the builder is made, by default. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Types a configuration: `export default defineConfig({ … })`. */
export function defineConfig(config: BuilderConfig): BuilderConfig {
  return config;
}
