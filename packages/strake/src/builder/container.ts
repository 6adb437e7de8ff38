import 'reflect-metadata';
import type { Backend, Exporter } from '@strake/api';
import { BACKEND, CACHE_PLACES, CACHE_STRATEGY, EXPORTERS, OperatorError, SOURCES } from '@strake/api';
import { ghaCache } from '@strake/cache-gha';
import { localCache } from '@strake/cache-local';
import { registryCache } from '@strake/cache-registry';
import { s3Cache } from '@strake/cache-s3';
import { createDockerBackend } from '@strake/backend-docker';
import { createEmbeddedBackend } from '@strake/backend-embedded';
import { cacheonlyExporter } from '@strake/export-cacheonly';
import { dockerExporter } from '@strake/export-docker';
import { imageExporter, registryExporter } from '@strake/export-image';
import { localExporter } from '@strake/export-local';
import { ociExporter } from '@strake/export-oci';
import { tarExporter } from '@strake/export-tar';
import type { Store } from '@strake/oci';
import { gitSource } from '@strake/source-git';
import { httpSource } from '@strake/source-http';
import type { DependencyContainer } from 'tsyringe';
import { container as root, instanceCachingFactory } from 'tsyringe';
import type { BuilderConfig, Factory } from './builder-config';
import { chooseCache } from '../caching/cache-choice';
import { intoBackend } from './into-backend';
import type { RegistryAccess } from '../registries/registry-access';

/** A configuration with an environment of its own. */
type Settled = BuilderConfig & { readonly env: NodeJS.ProcessEnv };

/**
 * The one place where parts meet. A builder has a container of its own, so that several live in one process; each
 * part is made when it is first asked for.
 */
export function createContainer(config: Settled, store: Store, registries: RegistryAccess): DependencyContainer {
  const { env } = config;
  const container = root.createChildContainer();
  const provide = <T>(token: symbol, make: () => T): void => void container.register(token, { useFactory: instanceCachingFactory(make) });
  const backend = (): Backend => container.resolve<Backend>(BACKEND);
  provide(BACKEND, () => backendOf(config, store, registries));
  provide(CACHE_STRATEGY, () => chooseCache(config.cache, { store, scope: () => backend().records }));
  provide(CACHE_PLACES, () => [...(config.cachePlaces ?? []), localCache(), registryCache({ store, client: (insecure) => registries.client(insecure) }), s3Cache(), ghaCache()]);
  provide(EXPORTERS, () => [...defaultExporters(store, registries, config, backend), ...(config.exporters ?? [])]);
  provide(SOURCES, () => [...(config.sources ?? []), gitSource({ env }), httpSource({ env })]);
  return container;
}

function defaultExporters(store: Store, registries: RegistryAccess, { env }: Settled, backend: () => Backend): readonly Exporter[] {
  const images = { store, client: (insecure: readonly string[]) => registries.client(insecure) };
  const kept = (exporter: Exporter): Exporter => intoBackend(exporter, () => backend().images);
  return [kept(imageExporter(images)), kept(registryExporter(images)), ociExporter(store), kept(dockerExporter(store, { env })), localExporter(), tarExporter(), cacheonlyExporter()];
}

function backendOf({ backend: choice, backendOptions = {}, env }: Settled, store: Store, registries: RegistryAccess): Backend {
  if (isFactory(choice)) return choice({ store });
  refuseUnknown('backend', choice, ['embedded', 'docker']);
  if (choice === 'docker') return createDockerBackend({ store, env, options: backendOptions, credential: (host, repository) => registries.credential(host, repository) });
  const [unknown] = Object.keys(backendOptions);
  if (unknown !== undefined) throw new OperatorError('CONFIG_INVALID', `the embedded backend has no option "${unknown}"`);
  return createEmbeddedBackend({ store, env });
}

/** Names come from configuration files and flags, which no compiler has seen. */
function refuseUnknown(what: string, choice: string | undefined, known: readonly string[]): void {
  if (choice === undefined || known.includes(choice)) return;
  throw new OperatorError('CONFIG_INVALID', `there is no ${what} "${choice}"`, { hint: `Known: ${known.join(', ')}.` });
}

const isFactory = <T>(choice: string | Factory<T> | undefined): choice is Factory<T> => typeof choice === 'function';
