import { OperatorError } from '@strake/api';
import type { RequestOptions } from 'node:http';

/** Where a Docker Engine listens, as node:http wants it. */
export type EngineAddress = Pick<RequestOptions, 'socketPath' | 'host' | 'port'>;

/** Reads DOCKER_HOST: `unix:///path`, or `tcp://host:port` without TLS. Throws UNSUPPORTED, USAGE. */
export function engineAddress(env: NodeJS.ProcessEnv): EngineAddress {
  const host = env['DOCKER_HOST'] || 'unix:///var/run/docker.sock';
  const [, scheme, rest = ''] = /^([a-z]+):\/\/(.+)$/.exec(host) ?? [];
  if (scheme === 'unix') return { socketPath: rest };
  if (scheme === 'tcp' && !env['DOCKER_TLS_VERIFY']) {
    const [, name = '', port = '2375'] = /^(.*?)(?::(\d+))?\/?$/.exec(rest) ?? [];
    return { host: name.replace(/^\[(.*)\]$/, '$1'), port };
  }
  const hint = 'Use an engine on a socket (unix://) or on a plain port (tcp://), or write an archive with --output type=docker,dest=FILE and load that.';
  if (scheme === 'tcp' || scheme === 'ssh') throw new OperatorError('UNSUPPORTED', `an image cannot be loaded into ${host} over ${scheme === 'ssh' ? 'SSH' : 'TLS'} yet`, { hint });
  throw new OperatorError('USAGE', `DOCKER_HOST=${host} is no address of a Docker Engine`, { hint });
}
