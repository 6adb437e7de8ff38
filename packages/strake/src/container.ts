import 'reflect-metadata';
import type { Backend, CacheStrategy } from '@strake/api';
import { BACKEND, CACHE_STRATEGY, EXPORTERS, OperatorError, SOURCES } from '@strake/api';
import { createEmbeddedBackend } from '@strake/backend-embedded';
import { createContentCache } from '@strake/cache-content';
import { createNoCache } from '@strake/cache-none';
import { dockerExporter } from '@strake/export-docker';
import { ociExporter } from '@strake/export-oci';
import type { Store } from '@strake/oci';
import { gitSource } from '@strake/source-git';
import { httpSource } from '@strake/source-http';
import type { DependencyContainer } from 'tsyringe';
import { container as root, instanceCachingFactory } from 'tsyringe';
import type { BuilderConfig, Factory } from './builder-config';

/**
 * The one place where parts meet. A builder has a container of its own, so that several live in one process; each
 * part is made when it is first asked for.
 */
export function createContainer(config: BuilderConfig, store: Store): DependencyContainer {
  const env = config.env ?? process.env;
  const container = root.createChildContainer();
  const provide = <T>(token: symbol, make: () => T): void => void container.register(token, { useFactory: instanceCachingFactory(make) });
  provide(BACKEND, () => backendOf(config.backend, store, env));
  provide(CACHE_STRATEGY, () => cacheOf(config.cache, store));
  provide(EXPORTERS, () => [ociExporter(store), dockerExporter(store), ...(config.exporters ?? [])]);
  provide(SOURCES, () => [...(config.sources ?? []), gitSource({ env }), httpSource({ env })]);
  return container;
}

function backendOf(choice: BuilderConfig['backend'], store: Store, env: NodeJS.ProcessEnv): Backend {
  if (isFactory(choice)) return choice({ store });
  refuseUnknown('backend', choice, ['embedded']);
  return createEmbeddedBackend({ store, env });
}

function cacheOf(choice: BuilderConfig['cache'], store: Store): CacheStrategy {
  if (isFactory(choice)) return choice({ store });
  refuseUnknown('cache', choice, ['content', 'none']);
  return choice === 'none' ? createNoCache() : createContentCache(store);
}

/** Names come from configuration files and flags, which no compiler has seen. */
function refuseUnknown(what: string, choice: string | undefined, known: readonly string[]): void {
  if (choice === undefined || known.includes(choice)) return;
  throw new OperatorError('CONFIG_INVALID', `there is no ${what} "${choice}"`, { hint: `Known: ${known.join(', ')}.` });
}

const isFactory = <T>(choice: string | Factory<T> | undefined): choice is Factory<T> => typeof choice === 'function';
