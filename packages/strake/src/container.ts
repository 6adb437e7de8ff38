import 'reflect-metadata';
import type { Backend, Exporter } from '@strake/api';
import { BACKEND, CACHE_STRATEGY, EXPORTERS, OperatorError, SOURCES } from '@strake/api';
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
import { chooseCache } from './cache-choice';
import type { RegistryAccess } from './registry-access';

/**
 * The one place where parts meet. A builder has a container of its own, so that several live in one process; each
 * part is made when it is first asked for.
 */
export function createContainer(config: BuilderConfig & { readonly env: NodeJS.ProcessEnv }, store: Store, registries: RegistryAccess): DependencyContainer {
  const { env } = config;
  const container = root.createChildContainer();
  const provide = <T>(token: symbol, make: () => T): void => void container.register(token, { useFactory: instanceCachingFactory(make) });
  provide(BACKEND, () => backendOf(config.backend, store, env));
  provide(CACHE_STRATEGY, () => chooseCache(config.cache, store));
  provide(EXPORTERS, () => [...defaultExporters(store, registries, env), ...(config.exporters ?? [])]);
  provide(SOURCES, () => [...(config.sources ?? []), gitSource({ env }), httpSource({ env })]);
  return container;
}

function defaultExporters(store: Store, registries: RegistryAccess, env: NodeJS.ProcessEnv): readonly Exporter[] {
  const images = { store, client: (insecure: readonly string[]) => registries.client(insecure) };
  return [imageExporter(images), registryExporter(images), ociExporter(store), dockerExporter(store, { env }), localExporter(), tarExporter(), cacheonlyExporter()];
}

function backendOf(choice: BuilderConfig['backend'], store: Store, env: NodeJS.ProcessEnv): Backend {
  if (isFactory(choice)) return choice({ store });
  refuseUnknown('backend', choice, ['embedded']);
  return createEmbeddedBackend({ store, env });
}

/** Names come from configuration files and flags, which no compiler has seen. */
function refuseUnknown(what: string, choice: string | undefined, known: readonly string[]): void {
  if (choice === undefined || known.includes(choice)) return;
  throw new OperatorError('CONFIG_INVALID', `there is no ${what} "${choice}"`, { hint: `Known: ${known.join(', ')}.` });
}

const isFactory = <T>(choice: string | Factory<T> | undefined): choice is Factory<T> => typeof choice === 'function';
