import { BACKEND, CACHE_STRATEGY, EXPORTERS, type Plugin } from '@strake/api';
import { createRegistry, describeDockerfile, parseDockerfile, type Instructions } from '@strake/core';
import { defaultStoreRoot, openStore, type Store } from '@strake/oci';
import type { DependencyContainer } from 'tsyringe';
import { build, type BuildParts } from './build';
import type { BuildOptions, BuildResult } from './build-options';
import type { BuilderConfig } from './builder-config';
import { outline, targets } from './calls';
import { check } from './check';
import type { CheckResult } from './check-types';
import type { Outline, TargetList } from '@strake/checks';
import { createContainer } from './container';
import { defaultPlugins } from './default-plugins';
import { openImages } from './images';
import type { Images } from './images-types';
import { plan } from './plan';
import type { Plan } from './plan-types';

/** A configured strake. Builds may run at the same time. */
export interface Builder {
  /** Builds an image. Throws a `StrakeError`. */
  build(options: BuildOptions): Promise<BuildResult>;
  /** What `build` would do with the same options. Makes nothing. */
  plan(options: BuildOptions): Promise<Plan>;
  /** What the check rules say of the Dockerfile that `build` would build with the same options. Needs no base images. */
  check(options: BuildOptions): Promise<CheckResult>;
  /** The arguments, secrets and agents that a build of the target can be given. Throws a `StrakeError`. */
  outline(options: BuildOptions): Promise<Outline>;
  /** The stages of the Dockerfile. Throws a `StrakeError`. */
  targets(options: BuildOptions): Promise<TargetList>;
  /** A Dockerfile as documented data; `file` is the name in positions. Throws a `StrakeError`. */
  parse(text: string, file: string): unknown;
  images(): Images;
  close(): Promise<void>;
}

/** Makes a builder: registers plugins, opens the store, and prepares the parts that builds share. */
export async function createBuilder(config: BuilderConfig = {}): Promise<Builder> {
  const instructions = register([...defaultPlugins, ...(config.plugins ?? [])]);
  const env = config.env ?? process.env;
  const stores = new LazyStore(config.store ?? defaultStoreRoot(env));
  let container: DependencyContainer | undefined;
  const parts = (readonly = false): BuildParts => {
    container ??= createContainer(config, stores.open(readonly));
    return {
      backend: container.resolve(BACKEND),
      cache: container.resolve(CACHE_STRATEGY),
      exporters: container.resolve(EXPORTERS),
      instructions,
      store: stores.open(readonly),
      cwd: config.cwd ?? process.cwd(),
    };
  };
  return {
    build: (options) => build(options, parts()),
    plan: (options) => plan(options, parts(true)),
    check: (options) => check(options, parts(true)),
    outline: (options) => outline(options, parts(true)),
    targets: (options) => targets(options, { instructions, cwd: config.cwd ?? process.cwd() }),
    parse: (text, file) => describeDockerfile(parseDockerfile(text, { file, syntax: instructions.syntax }), instructions.table),
    images: () => openImages(stores.open(false)),
    close: async () => stores.close(),
  };
}

/** Opened when something needs it: parsing needs no store, a dry run does not make one. */
class LazyStore {
  readonly #root: string;
  #store: Store | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  open(readonly: boolean): Store {
    return (this.#store ??= openStore(this.#root, { readonly }));
  }

  close(): void {
    this.#store?.close();
  }
}

function register(plugins: readonly Plugin[]): Instructions {
  const registry = createRegistry();
  for (const plugin of plugins) registry.use(plugin);
  return registry.freeze();
}
