import { OperatorError } from '@strake/api';
import type { EngineAddress, EngineTls } from './engine-address';

/** Reads a Docker host: `unix://`, `npipe://`, `tcp://`, `http(s)://`, `ssh://`. Throws USAGE. */
export function parseHost(host: string, from: string, tls: () => EngineTls | undefined): EngineAddress {
  const [, scheme = 'tcp', rest = host] = /^([a-z]+):\/\/(.*)$/.exec(host) ?? [];
  const about = { from, shown: withoutPassword(host) };
  switch (scheme) {
    case 'unix':
      return { kind: 'socket', path: rest === '' ? '/var/run/docker.sock' : rest, ...about };
    case 'npipe':
      return { kind: 'socket', path: rest === '' ? '//./pipe/docker_engine' : rest, ...about };
    case 'tcp':
    case 'http':
    case 'https':
      return tcp(scheme, rest, about, tls());
    case 'ssh':
      return ssh(host, about);
    default:
      throw wrong(about, `nobody speaks ${scheme}:// with an engine`);
  }
}

type About = Pick<EngineAddress, 'from' | 'shown'>;

function tcp(scheme: string, rest: string, about: About, tls: EngineTls | undefined): EngineAddress {
  const url = urlOf(`http://${rest}`, about);
  if (url.pathname !== '/' || url.search !== '') throw wrong(about, 'it has a path');
  const secure = scheme === 'https' ? (tls ?? { verify: true }) : tls;
  const port = url.port === '' ? (/:80$/.test(rest) ? 80 : secure === undefined ? 2375 : 2376) : Number(url.port);
  return { kind: 'tcp', host: url.hostname === '' ? 'localhost' : url.hostname.replace(/^\[|\]$/g, ''), port, ...about, ...(secure === undefined ? {} : { tls: secure }) };
}

function ssh(host: string, about: About): EngineAddress {
  const url = urlOf(host, about);
  if (url.password !== '') throw wrong(about, 'it has a password', 'Use keys, or an agent.');
  if (url.hostname === '' || url.hostname.startsWith('-') || url.username.startsWith('-')) throw wrong(about, 'it names no machine');
  if (url.search !== '' || url.hash !== '') throw wrong(about, 'it has more than a path');
  const socket = /^\/*$/.test(url.pathname) ? {} : { socket: decodeURIComponent(url.pathname) };
  return { kind: 'ssh', host: url.hostname.replace(/^\[|\]$/g, ''), ...about, ...socket, ...(url.port === '' ? {} : { port: Number(url.port) }), ...(url.username === '' ? {} : { user: decodeURIComponent(url.username) }) };
}

function urlOf(text: string, about: About): URL {
  try {
    return new URL(text);
  } catch (error) {
    throw wrong(about, 'it is no URL', undefined, error);
  }
}

const withoutPassword = (host: string): string => host.replace(/^(\w+:\/\/[^/@:]*):[^/@]*@/, '$1:…@');

function wrong({ from, shown }: About, why: string, hint = 'Like unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host.', cause?: unknown): OperatorError {
  return new OperatorError('USAGE', `"${shown}", of ${from}, is no Docker host: ${why}`, { hint, cause });
}
