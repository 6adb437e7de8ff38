import { Agent as HttpAgent, type AgentOptions, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { inspect } from 'node:util';
import type Dockerode from 'dockerode';
import type * as Ssh from './ssh-agent';
import { checkCertificates } from './certificates';
import type { EngineAddress } from './engine-address';

/** One request to an engine. */
export interface EngineCall {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** With the version, without the query. */
  readonly path: string;
  /** A list is a parameter that is given several times. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly json?: unknown;
  readonly file?: NodeJS.ReadableStream | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Asks for the connection itself, which is then the answer. */
  readonly upgrade?: boolean;
}

/** Whatever the engine answers, with its head; the body is not read yet. */
export type Dial = (call: EngineCall) => Promise<IncomingMessage>;

/** An open connection; whoever opened it closes it. */
export interface Connection {
  readonly dial: Dial;
  readonly close: () => void;
}

/** Connects dockerode; it is loaded now and not before. `env` is that of programs that connect. */
export async function openConnection(address: EngineAddress, env: NodeJS.ProcessEnv): Promise<Connection> {
  const { default: Docker } = await import('dockerode');
  const agent = agentOf(address, env);
  const docker = apartFromEnvironment(() => new Docker({ ...placeOf(address), ...(agent === undefined ? {} : { agent }) } as Dockerode.DockerOptions));
  return { dial: (call) => dialWith(docker, call), close: () => agent?.destroy() };
}

/** dockerode reads DOCKER_HOST and its certificates itself, and fails where they are wrong, even when it is told another host. */
function apartFromEnvironment<T>(make: () => T): T {
  const { DOCKER_HOST: host } = process.env;
  delete process.env['DOCKER_HOST'];
  try {
    return make();
  } finally {
    if (host !== undefined) process.env['DOCKER_HOST'] = host;
  }
}

function placeOf(address: EngineAddress): object {
  if (address.kind === 'socket') return { socketPath: address.path, host: undefined, port: undefined, protocol: 'http' };
  const { host, port } = address;
  // An SSH connection is the agent's: HTTP goes through it.
  if (address.kind === 'ssh') return { host, port: 2375, protocol: 'http', sshOptions: {} };
  return { host, port, protocol: address.tls === undefined ? 'http' : 'https' };
}

/** As Node's own agent keeps connections: the latest first, and none for more than five seconds. */
const KEPT = { keepAlive: true, scheduling: 'lifo', timeout: 5_000 } as const;

function agentOf(address: EngineAddress, env: NodeJS.ProcessEnv): HttpAgent | undefined {
  if (address.kind === 'ssh') {
    // Loaded now: its class is made of Node's HTTP client, which other backends do without.
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() of a file needs an ending that CommonJS sources do not have
    const { SshAgent } = require('./ssh-agent') as typeof Ssh;
    return quiet(new SshAgent(address, env));
  }
  // Without a name of a server Node would look whether the host is an address: 15 ms for a socket that has none.
  if (address.kind === 'socket') return quiet(new HttpAgent({ ...KEPT, servername: '' } as AgentOptions));
  if (address.tls === undefined) return quiet(new HttpAgent(KEPT));
  checkCertificates(address.tls);
  const { ca, cert, key, verify } = address.tls;
  return quiet(new HttpsAgent({ keepAlive: true, rejectUnauthorized: verify, ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) }));
}

/** docker-modem shows all options of each request to its debug log, whether anybody reads it or not. */
function quiet<T extends HttpAgent>(agent: T): T {
  return Object.assign(agent, { [inspect.custom]: () => 'agent' });
}

/** Every status is an answer: what it means is for who asked. */
const STATUSES = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [at + 100, true]));

function dialWith(docker: Dockerode, { method, path, query, json, file, headers, signal, upgrade }: EngineCall): Promise<IncomingMessage> {
  const search = new URLSearchParams();
  for (const [name, given] of Object.entries(query ?? {})) {
    for (const value of Array.isArray(given) ? (given as readonly string[]) : [given]) if (value !== undefined) search.append(name, String(value));
  }
  const body = json === undefined ? undefined : Buffer.from(JSON.stringify(json));
  const options = {
    // A question mark at the end is dropped by the modem: what stands before it is the whole path.
    path: `${path}?${search.toString()}${search.size === 0 ? '' : '?'}`,
    method,
    isStream: true,
    statusCodes: STATUSES,
    headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { file: body }),
    ...(file === undefined ? {} : { file }),
    ...(signal === undefined ? {} : { abortSignal: signal }),
    ...(upgrade === true ? { hijack: true } : {}),
  };
  return new Promise((resolve, reject) => {
    docker.modem.dial(options, (error: Error | null, response: unknown) => (error !== null && error !== undefined ? reject(error) : resolve(response as IncomingMessage)));
  });
}
