import { OperatorError } from '@strake/api';
import { hasStatus, type EngineClient } from '../engine';

const OF_CONTAINER = 'container:';

/** Whether programs use the network of another container. They have its name and its hosts, then. */
export const isOfContainer = (network: unknown): boolean => typeof network === 'string' && network.startsWith(OF_CONTAINER);

/** Refuses a network that the engine does not have, and a container that does not run. Throws UNSUPPORTED, USAGE. */
export async function checkNetwork(network: string, extraHosts: readonly string[], { engine }: EngineClient): Promise<void> {
  if (!isOfContainer(network)) return found(engine.bytes({ what: `look at the network ${network}`, method: 'GET', path: `/networks/${encodeURIComponent(network)}` }), `has no network ${network}`, 'docker network ls lists them');
  if (extraHosts.length > 0) throw new OperatorError('USAGE', 'programs that use the network of a container have its hosts, and no extra ones');
  const name = network.slice(OF_CONTAINER.length);
  const look = engine.json<{ readonly State: { readonly Running: boolean } }>({ what: `look at the container ${name}`, method: 'GET', path: `/containers/${encodeURIComponent(name)}/json` });
  await found(look, `has no container ${name}`, 'docker ps lists them');
  if (!(await look).State.Running) throw new OperatorError('UNSUPPORTED', `the container ${name} does not run: it has no network`);
}

async function found(look: Promise<unknown>, lacks: string, hint: string): Promise<void> {
  try {
    await look;
  } catch (error) {
    if (hasStatus(error, 404)) throw new OperatorError('UNSUPPORTED', `the Docker Engine ${lacks}`, { hint, cause: error });
    throw error;
  }
}
