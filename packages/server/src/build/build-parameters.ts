import type { ResourceLimits } from '@strake/api';
import { booleanOf, isStrings, isTextMap, jsonOf, type Query } from '../http/query';
import { HttpError } from '../http/status-of';
import { limitsOf } from './limit-parameters';

/** What `POST /build` asks for, in strake's words. */
export interface BuildParameters {
  /** A URL that takes the place of the body. */
  readonly remote: string | undefined;
  readonly dockerfile: string | undefined;
  readonly tags: readonly string[];
  readonly quiet: boolean;
  readonly noCache: boolean;
  /** Images whose histories may be used, or the caches in them: that is the builder's cache's matter. */
  readonly cacheFrom: readonly string[];
  readonly pull: boolean;
  readonly buildArgs: Readonly<Record<string, string | undefined>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  readonly platform: string | undefined;
  readonly network: 'default' | 'none' | 'host';
  /** `host:ip` */
  readonly extraHosts: readonly string[];
  /** Whether containers of steps are removed, and the progress says so. Only an engine's own builder has any that could stay. */
  readonly remove: boolean;
  /** Undefined: none. */
  readonly limits: ResourceLimits | undefined;
  readonly squash: boolean;
  /** For `/build/cancel`. */
  readonly buildId: string | undefined;
}

/** Every parameter of the Engine API's `POST /build`; others are refused. */
const KNOWN: ReadonlySet<string> = new Set([
  'dockerfile', 't', 'extrahosts', 'remote', 'q', 'nocache', 'cachefrom', 'pull', 'rm', 'forcerm', 'memory', 'memswap', 'cpushares', 'cpuperiod', 'cpuquota',
  'cpusetcpus', 'cpusetmems', 'cgroupparent', 'buildargs', 'labels', 'shmsize', 'ulimits', 'networkmode', 'isolation', 'securityopt', 'squash', 'target',
  'platform', 'outputs', 'version', 'session', 'buildid',
]);

/** Those that may come several times. */
const LISTS: ReadonlySet<string> = new Set(['t', 'extrahosts', 'securityopt']);

/** Reads the query of `POST /build`. What cannot be honoured is refused, never ignored. Throws `HttpError`. */
export function readBuildParameters(query: Query): BuildParameters {
  for (const name of query.keys()) {
    if (!KNOWN.has(name)) throw new HttpError(400, `unknown build parameter: ${name}`);
    if (!LISTS.has(name) && new Set(query.getAll(name)).size > 1) throw new HttpError(400, `the build parameter ${name} is given twice`);
  }
  refuseOtherBuilders(query);
  refuseOtherSystems(query);
  const labels = jsonOf(query, 'labels', isTextMap) ?? {};
  return {
    remote: remoteOf(query),
    dockerfile: textOf(query, 'dockerfile'),
    tags: tagsOf(query),
    quiet: booleanOf(query, 'q'),
    noCache: booleanOf(query, 'nocache'),
    cacheFrom: jsonOf(query, 'cachefrom', isStrings) ?? [],
    // As the engine: any value of `pull` but a false one.
    pull: booleanOf(query, 'pull'),
    buildArgs: withoutNulls(jsonOf(query, 'buildargs', isTextMap) ?? {}),
    labels: Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, value ?? ''])),
    target: textOf(query, 'target'),
    platform: textOf(query, 'platform'),
    network: networkOf(query.get('networkmode') ?? ''),
    extraHosts: query.getAll('extrahosts').filter((host) => host !== ''),
    remove: booleanOf(query, 'forcerm') || (query.get('rm') ?? '') === '' || booleanOf(query, 'rm'),
    limits: limitsOf(query),
    squash: booleanOf(query, 'squash'),
    buildId: textOf(query, 'buildid'),
  };
}

/** A URL and nothing else: a path would be one of this machine. */
function remoteOf(query: Query): string | undefined {
  const remote = textOf(query, 'remote');
  if (remote === undefined || /^(?:https?|git|ssh):\/\/|^git@|^github\.com\//.test(remote)) return remote;
  throw new HttpError(400, `invalid remote: ${remote}`);
}

function refuseOtherBuilders(query: Query): void {
  const version = query.get('version') ?? '';
  if (version === '2') throw new HttpError(400, 'BuildKit sessions are not served: set DOCKER_BUILDKIT=0');
  if (version !== '' && version !== '1') throw new HttpError(400, `invalid version ${version}`);
  if ((query.get('session') ?? '') !== '') throw new HttpError(400, 'sessions are not served: set DOCKER_BUILDKIT=0');
  if (query.get('remote') === 'client-session') throw new HttpError(400, 'sessions are not served: set DOCKER_BUILDKIT=0');
  const outputs = query.get('outputs') ?? '';
  if (!['', 'null', '[]'].includes(outputs)) throw unsupported('outputs', 'images go to the store of this server');
}

/** What only Windows has. */
function refuseOtherSystems(query: Query): void {
  if (query.getAll('securityopt').some((option) => option !== '')) throw new HttpError(400, 'security options are not supported on linux');
  const isolation = query.get('isolation') ?? '';
  if (!['', 'default'].includes(isolation)) throw new HttpError(400, `unsupported isolation: "${isolation}"`);
}

function networkOf(mode: string): BuildParameters['network'] {
  if (mode === '' || mode === 'default' || mode === 'bridge') return 'default';
  if (mode === 'none' || mode === 'host') return mode;
  throw unsupported(`networkmode ${mode}`, 'default, host and none are');
}

/** In order, each once. */
function tagsOf(query: Query): readonly string[] {
  const tags = [...new Set(query.getAll('t').filter((tag) => tag !== ''))];
  const pinned = tags.find((tag) => tag.includes('@'));
  if (pinned !== undefined) throw new HttpError(400, 'build tag cannot contain a digest');
  return tags;
}

/** A build argument without a value counts as mentioned. */
function withoutNulls(args: Readonly<Record<string, string | null>>): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, value ?? undefined]));
}

function textOf(query: Query, name: string): string | undefined {
  return query.get(name) || undefined;
}

function unsupported(what: string, why: string): HttpError {
  return new HttpError(400, `${what} is not supported: ${why}`);
}
