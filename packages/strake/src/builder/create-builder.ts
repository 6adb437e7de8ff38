import { BACKEND, CACHE_PLACES, CACHE_STRATEGY, EXPORTERS, SOURCES, type Backend, type BackendImages, type Dockerfile } from '@strake/api';
import { describeDockerfile, parseDockerfile } from '@strake/core';
import { defaultStoreRoot, openStore, type Store } from '@strake/oci';
import type { DependencyContainer } from 'tsyringe';
import { build, type BuildParts } from '../build/build';
import type { BuildOptions, BuildResult, Given } from '../build/build-options';
import type { BuilderConfig } from './builder-config';
import { outline, targets } from '../check/calls';
import { check } from '../check/check';
import type { CheckResult, FixResult } from '../check/check-types';
import { eject, type Ejected } from '../eject/eject';
import { fix, type FixOptions } from '../check/fix';
import type { Outline, TargetList } from '@strake/checks';
import { createContainer } from './container';
import { diff, type Difference } from '../images/diff';
import { checkParallelism } from '../prepare/check-parallelism';
import { FairGate } from './fair-gate';
import { loggedBuilds } from './log-build';
import { givenConfig, givenFix, givenOptions } from '../given/given';
import { OpenCalls } from './open-calls';
import { startBuild, type BuildRun, type Taking } from '../build/start-build';
import { openCaches, type Caches } from '../caches/caches';
import { collectGarbage } from '../caches/collect-garbage';
import { trimPolicy } from '../caches/trim-policy';
import { openImages } from '../images/images';
import { keptImages } from '../images/kept-images';
import type { Images } from '../images/images-types';
import { plan } from '../plan/plan';
import { keptRegistries } from '../registries/kept-registries';
import { openRegistries } from '../registries/registries';
import type { Registries } from '../registries/registries-types';
import { RegistryAccess } from '../registries/registry-access';
import { describePlugins, type PluginReport } from '../plugins/describe-plugins';
import { PluginSet } from '../plugins/plugin-set';
import type { Plan } from '../plan/plan-types';
import { sourcesByScheme } from './sources-by-scheme';

/** A configured strake. Builds may run at the same time. */
export interface Builder {
  /** Builds an image. Throws a `StrakeError`. */
  build(options: Given<BuildOptions>): Promise<BuildResult>;
  /** Begins to build an image: its events can be iterated. Never throws; the result is rejected with a `StrakeError`. */
  start(options: Given<BuildOptions>): BuildRun;
  /** What `build` would do with the same options. Makes nothing. */
  plan(options: Given<BuildOptions>): Promise<Plan>;
  /** What the check rules say of the Dockerfile that `build` would build with the same options. Needs no base images. */
  check(options: Given<BuildOptions>): Promise<CheckResult>;
  /** The Dockerfile with the fixes of its violations made; the file itself stays as it is. Throws a `StrakeError`. */
  fix(options: Given<FixOptions>): Promise<FixResult>;
  /** The arguments, secrets and agents that a build of the target can be given. Throws a `StrakeError`. */
  outline(options: Given<BuildOptions>): Promise<Outline>;
  /** The stages of the Dockerfile. Throws a `StrakeError`. */
  targets(options: Given<BuildOptions>): Promise<TargetList>;
  /** The plain Dockerfile that the file amounts to, whatever plugins it needs. Throws a `StrakeError`. */
  eject(options: Given<BuildOptions>): Promise<Ejected>;
  /** A Dockerfile as documented data; `file` is the name in positions. Throws a `StrakeError`. */
  parse(text: string, file: string): Promise<unknown>;
  /** Which plugins are registered, from where, what they define and which hooks they tap. Throws a `StrakeError`. */
  plugins(): Promise<PluginReport>;
  images(): Images;
  /** Compares two images: references, `oci-layout://PATH[:TAG][@DIGEST]`, or paths of archives and layouts. Empty when they are the same. */
  diff(a: string, b: string): Promise<readonly Difference[]>;
  /** What is in the store besides images: steps, sources, directories of RUN --mount=type=cache. */
  caches(): Caches;
  registries(): Registries;
  /**
   * Ends the builder: nothing begins from now on (USAGE), what is under way is waited for (abort its signal to hasten that), and threads, connections and
   * the store are let go. Not to be awaited inside of a build's own handler, which the build waits for.
   */
  close(): Promise<void>;
}

/** Makes a builder: registers plugins, opens the store, and prepares the parts that builds share. Throws CONFIG_INVALID, USAGE, and errors of plugins. */
export async function createBuilder(options: Given<BuilderConfig> = {}): Promise<Builder> {
  const config = givenConfig(options);
  // As they are now: what the process changes later is none of this builder's business.
  const settled = { ...config, env: { ...(config.env ?? process.env) }, cwd: config.cwd ?? process.cwd() };
  const { env, cwd } = settled;
  if (config.garbage !== undefined) trimPolicy(config.garbage, '/');
  const plugins = new PluginSet(config.plugins ?? [], cwd, config.syntax ?? []);
  if (plugins.isLoaded) await plugins.registered();
  const registries = new RegistryAccess(config.registries, { env, credentials: config.credentials });
  const gate = config.parallelism === undefined ? undefined : new FairGate(checkParallelism(config.parallelism));
  const stores = new LazyStore(config.store ?? defaultStoreRoot(env), registries);
  // A dry run has a store, and parts on it, of its own.
  const containers = new Map<boolean, DependencyContainer>();
  const containerOf = (readonly: boolean): DependencyContainer => {
    const container = containers.get(readonly) ?? createContainer(settled, stores.open(readonly), registries);
    containers.set(readonly, container);
    return container;
  };
  const parts = async (readonly = false): Promise<BuildParts> => {
    const { instructions, syntax } = await plugins.registered();
    const container = containerOf(readonly);
    return {
      backend: container.resolve(BACKEND),
      cache: container.resolve(CACHE_STRATEGY),
      cachePlaces: container.resolve(CACHE_PLACES),
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
  const quietly = (options: BuildOptions): Promise<BuildResult> => plugins.blaming(async () => {
    const result = await build(withDefaults(options, config), await parts());
    if (config.garbage !== undefined) await collectGarbage(stores.open(false), config.garbage);
    return result;
  });
  const buildOne = config.logger === undefined ? quietly : loggedBuilds(config.logger, quietly);
  const calls = new OpenCalls();
  const taking: Taking = (work) => calls.run(work);
  const dryly = <T>(work: (options: BuildOptions, parts: BuildParts) => Promise<T>) => (given: Given<BuildOptions>): Promise<T> =>
    taking(() => plugins.blaming(async () => work(withDefaults(givenOptions(given), config), await parts(true))));
  const keptElsewhere = (): BackendImages | undefined => (config.backend === undefined || config.backend === 'embedded' ? undefined : containerOf(false).resolve<Backend>(BACKEND).images);
  const dockerfileOf = (text: string, file: string): Promise<Dockerfile> => taking(async () => {
    const { instructions: { syntax, directives } } = await plugins.registered();
    return parseDockerfile(text, { file, syntax, directives });
  });
  return {
    build: (given) => taking(async () => buildOne(givenOptions(given))),
    start: (given) => startBuild(given, buildOne, taking),
    plan: dryly(plan),
    check: dryly(check),
    fix: (given) => taking(() => plugins.blaming(async () => fix(withDefaults(givenFix(given), config), await parts(true)))),
    outline: dryly(outline),
    targets: dryly(targets),
    eject: dryly(eject),
    parse: (text, file) => taking(async () => {
      const { instructions: { syntax, directives, table } } = await plugins.registered();
      return describeDockerfile(parseDockerfile(text, { file, syntax, directives }), table);
    }),
    plugins: () => taking(async () => describePlugins(await plugins.registered(), (token) => containerOf(true).resolve(token))),
    images: () => {
      calls.check();
      const kept = keptElsewhere();
      return kept === undefined ? openImages(stores.open(false), { parse: dockerfileOf, plan: dryly(plan) }) : keptImages(kept);
    },
    diff: (a, b) => taking(() => diff(a, b, { store: () => stores.open(true), cwd })),
    caches: () => {
      calls.check();
      return openCaches(stores.open(false), cwd);
    },
    registries: () => {
      calls.check();
      const store = (): Store => stores.open(false);
      const [kept, opened] = [keptElsewhere(), openRegistries({ access: registries, store, cwd })];
      return kept === undefined ? opened : keptRegistries(opened, { images: kept, store });
    },
    close: () => calls.close(async () => {
      for (const container of containers.values()) await container.resolve<Backend>(BACKEND).close?.();
      stores.close();
      await registries.close();
    }),
  };
}

/** What a build does not say is the configuration's. */
function withDefaults<T extends BuildOptions>(options: T, { pull, lock, cacheFrom, cacheTo }: BuilderConfig): T {
  const given = { pull, lock, cacheFrom, cacheTo };
  return { ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)), ...options };
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
