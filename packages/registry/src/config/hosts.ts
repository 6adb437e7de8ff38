import { isIP } from 'node:net';

const HUB = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);

/** The one name of a registry: Docker Hub has several. Lower case. */
export function registryHost(host: string): string {
  const lower = host.toLowerCase();
  return HUB.has(lower) ? 'docker.io' : lower;
}

/** The host that answers a registry's API. */
export function apiHost(registry: string): string {
  return registry === 'docker.io' ? 'registry-1.docker.io' : registry;
}

/** Whether a host (with or without a port) is this machine. */
export function isLoopback(host: string): boolean {
  const name = /^\[(.*)\](?::\d+)?$/.exec(host)?.[1] ?? host.replace(/^([^:]*):\d+$/, '$1');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/** Whether a list has a host: an entry without a port stands for all ports. */
export function listsHost(list: readonly string[], host: string): boolean {
  const bare = host.replace(/:\d+$/, '');
  return list.some((entry) => entry.toLowerCase() === host || entry.toLowerCase() === bare);
}
