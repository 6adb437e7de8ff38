import { BlockList, isIP } from 'node:net';
import { isLoopback } from '../config/hosts';

/** The proxy for a URL by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, as Go programs read them: lower case too, and never for this machine. */
export function proxyFor({ protocol, hostname, port }: URL, env: NodeJS.ProcessEnv): string | undefined {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (isLoopback(host)) return undefined;
  const proxy = variable(env, protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (proxy === undefined || exempt(host, port || (protocol === 'https:' ? '443' : '80'), variable(env, 'NO_PROXY') ?? '')) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function variable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name] || env[name.toLowerCase()] || undefined;
}

function exempt(host: string, port: string, list: string): boolean {
  return list.split(',').map((entry) => entry.trim().toLowerCase()).filter((entry) => entry !== '').some((entry) => matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return inNetwork(entry, host);
  const [, name = entry, only] = /^(.*?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
  if (only !== undefined && only !== port) return false;
  const bare = name.replace(/^\[(.*)\]$/, '$1').replace(/^\*?\./, '');
  return host === bare ? !name.startsWith('.') && !name.startsWith('*.') : isIP(host) === 0 && host.endsWith(`.${bare}`);
}

function inNetwork(entry: string, host: string): boolean {
  const [network = '', bits] = entry.split('/');
  const [family, of] = [isIP(network), isIP(host)];
  if (family === 0 || family !== of || !/^\d+$/.test(bits ?? '') || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const networks = new BlockList();
  networks.addSubnet(network, Number(bits), type);
  return networks.check(host, type);
}
