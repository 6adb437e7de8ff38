import { BACKEND, CACHE_STRATEGY, EXPORTERS, SOURCES, type Plugin } from '@strake/api';
import { createRegistry, describeDockerfile, parseDockerfile, type Instructions } from '@strake/core';
import { defaultStoreRoot, openStore, type Store } from '@strake/oci';
import type { DependencyContainer } from 'tsyringe';
import { build, type BuildParts } from './build';
import type { BuildOptions, BuildResult } from './build-options';
import type { BuilderConfig } from './builder-config';
import { outline, targets } from './calls';
import { check } from './check';
import { chosenPlugins } from './chosen-plugins';
import type { CheckResult, FixResult } from './check-types';
import { fix, type FixOptions } from './fix';
import type { Outline, TargetList } from '@strake/checks';
import { createContainer } from './container';
import { defaultPlugins } from './default-plugins';
import { diff, type Difference } from './diff';
import { checkParallelism } from './check-parallelism';
import { FairGate } from './fair-gate';
import { loggedBuilds } from './log-build';
import { startBuild, type BuildRun } from './start-build';
import { openCaches, type Caches } from './caches';
import { openImages } from './images';
import type { Images } from './images-types';
import { plan } from './plan';
import { openRegistries } from './registries';
import type { Registries } from './registries-types';
import { RegistryAccess } from './registry-access';
import { SyntaxPolicy } from './syntax-policy';
import type { Plan } from './plan-types';
import { sourcesByScheme } from './sources-by-scheme';

/** A configured strake. Builds may run at the same time. */
export interface Builder {
  /** Builds an image. Throws a `StrakeError`. */
  build(options: BuildOptions): Promise<BuildResult>;
  /** Begins to build an image: its events can be iterated. Never throws; the result is rejected with a `StrakeError`. */
  start(options: BuildOptions): BuildRun;
  /** What `build` would do with the same options. Makes nothing. */
  plan(options: BuildOptions): Promise<Plan>;
  /** What the check rules say of the Dockerfile that `build` would build with the same options. Needs no base images. */
  check(options: BuildOptions): Promise<CheckResult>;
  /** The Dockerfile with the fixes of its violations made; the file itself stays as it is. Throws a `StrakeError`. */
  fix(options: FixOptions): Promise<FixResult>;
  /** The arguments, secrets and agents that a build of the target can be given. Throws a `StrakeError`. */
  outline(options: BuildOptions): Promise<Outline>;
  /** The stages of the Dockerfile. Throws a `StrakeError`. */
  targets(options: BuildOptions): Promise<TargetList>;
  /** A Dockerfile as documented data; `file` is the name in positions. Throws a `StrakeError`. */
  parse(text: string, file: string): unknown;
  images(): Images;
  /** Compares two images: references, or paths of archives and layouts. Empty when they are the same. */
  diff(a: string, b: string): Promise<readonly Difference[]>;
  /** The caches of RUN --mount=type=cache. */
  caches(): Caches;
  registries(): Registries;
  close(): Promise<void>;
}

/** Makes a builder: registers plugins, opens the store, and prepares the parts that builds share. */
export async function createBuilder(config: BuilderConfig = {}): Promise<Builder> {
  const plugins = [...defaultPlugins, ...(await chosenPlugins(config.plugins ?? []))];
  const instructions = register(plugins);
  const syntax = new SyntaxPolicy(config.syntax ?? [], instructions, (more) => register([...plugins, ...more]));
  // As they are now: what the process changes later is none of this builder's business.
  const settled = { ...config, env: { ...(config.env ?? process.env) }, cwd: config.cwd ?? process.cwd() };
  const { env, cwd } = settled;
  const registries = new RegistryAccess(config.registries, { env, credentials: config.credentials });
  const gate = config.parallelism === undefined ? undefined : new FairGate(checkParallelism(config.parallelism));
  const stores = new LazyStore(config.store ?? defaultStoreRoot(env), registries);
  // A dry run has a store, and parts on it, of its own.
  const containers = new Map<boolean, DependencyContainer>();
  const parts = (readonly = false): BuildParts => {
    const container = containers.get(readonly) ?? createContainer(settled, stores.open(readonly), registries);
    containers.set(readonly, container);
    return {
      backend: container.resolve(BACKEND),
      cache: container.resolve(CACHE_STRATEGY),
      exporters: container.resolve(EXPORTERS),
      sources: sourcesByScheme(container.resolve(SOURCES)),
      instructions,
      syntax,
      store: stores.open(readonly),
      registries,
      cwd,
      env,
      ...(gate === undefined ? {} : { turns: gate.lane() }),
    };
  };
  // Whatever is wrong is a rejection, as long as the build has not begun too.
  const quietly = async (options: BuildOptions): Promise<BuildResult> => build(withDefaults(options, config), parts());
  const buildOne = config.logger === undefined ? quietly : loggedBuilds(config.logger, quietly);
  return {
    build: buildOne,
    start: (options) => startBuild(options, buildOne),
    plan: (options) => plan(withDefaults(options, config), parts(true)),
    check: (options) => check(withDefaults(options, config), parts(true)),
    fix: (options) => fix(withDefaults(options, config), parts(true)),
    outline: (options) => outline(withDefaults(options, config), parts(true)),
    targets: (options) => targets(options, parts(true)),
    parse: (text, file) => describeDockerfile(parseDockerfile(text, { file, syntax: instructions.syntax, directives: instructions.directives }), instructions.table),
    images: () => openImages(stores.open(false)),
    diff: (a, b) => diff(a, b, { store: () => stores.open(true), cwd: cwd }),
    caches: () => openCaches(stores.open(false), cwd),
    registries: () => openRegistries({ access: registries, store: () => stores.open(false), cwd: cwd }),
    close: async () => {
      stores.close();
      await registries.close();
    },
  };
}

/** What a build does not say is the configuration's. */
function withDefaults(options: BuildOptions, { pull, lock }: BuilderConfig): BuildOptions {
  return { ...(pull === undefined ? {} : { pull }), ...(lock === undefined ? {} : { lock }), ...options };
}

/** Opened when something needs it: parsing needs no store, a dry run does not make one. */
class LazyStore {
  readonly #root: string;
  readonly #registries: RegistryAccess;
  readonly #stores = new Map<boolean, Store>();

  constructor(root: string, registries: RegistryAccess) {
    this.#root = root;
    this.#registries = registries;
  }

  open(readonly: boolean): Store {
    const known = this.#stores.get(readonly);
    if (known !== undefined) return known;
    // A dry run remembers what registries said until it ends.
    const store = openStore(this.#root, { readonly, memory: readonly });
    this.#registries.serve(store);
    this.#stores.set(readonly, store);
    return store;
  }

  close(): void {
    for (const store of this.#stores.values()) store.close();
  }
}

function register(plugins: readonly Plugin[]): Instructions {
  const registry = createRegistry();
  for (const plugin of plugins) registry.use(plugin);
  return registry.freeze();
}
