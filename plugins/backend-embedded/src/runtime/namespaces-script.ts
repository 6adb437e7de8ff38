import { OperatorError, type Ulimit } from '@strake/api';
import { CAPABILITIES, MASKED_PATHS, READONLY_PATHS, type OciMount } from './docker-defaults';
import { insecureDevices, ownCapabilities } from './insecure';
import { kernelMounts } from './kernel-mounts';
import type { RunDevice, RunMount, RunSpec } from './run-spec';

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'] as const;

const LINKS = [
  ['/proc/self/fd', 'fd'],
  ['/proc/self/fd/0', 'stdin'],
  ['/proc/self/fd/1', 'stdout'],
  ['/proc/self/fd/2', 'stderr'],
  ['pts/ptmx', 'ptmx'],
] as const;

/** Files by which the script says how far it came. */
export interface ScriptFiles {
  /** Gets the messages of the tools that make the container. */
  readonly log: string;
  /** Made when the container is complete and only the program is left to start. */
  readonly complete: string;
}

/**
 * The shell script that makes a container around itself, as process 1 of new namespaces, and becomes the program. The tree
 * takes the place of `/` in the mount namespace, so nothing else can be reached by leaving the chroot.
 */
export function namespacesScript(spec: RunSpec, files: ScriptFiles): string {
  const root = quote(spec.rootfs);
  return [
    'set -e',
    // Not exported when the environment is empty.
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `exec 3>&2 2>${quote(files.log)}`,
    `chown ${spec.user.uid} /proc/self/fd/1 /proc/self/fd/3`,
    `mount --bind ${root} ${root}`,
    `cd ${root}`,
    ...kernelMounts(spec).flatMap(kernelMount),
    ...[...(spec.insecure === true ? insecureDevices() : []), ...(spec.devices ?? [])].map(makeDevice),
    ...spec.mounts.flatMap(userMount),
    ...(spec.insecure === true ? [] : sandbox()),
    `hostname ${quote(spec.hostname)}`,
    ...(spec.network === 'none' ? ['ip link set lo up || ifconfig lo up'] : []),
    'mount --move . /',
    'umask 022',
    `: > ${quote(files.complete)}`,
    'exec 2>&3 3>&-',
    ...secretVariables(spec),
    `exec ${[...becomeProgram(spec)].map(quote).join(' ')}`,
    '',
  ].join('\n');
}

/** What may be read only, and what not even that. */
function sandbox(): readonly string[] {
  return [
    ...READONLY_PATHS.map((path) => `[ ! -e .${path} ] || { mount --bind .${path} .${path}; mount -o remount,bind,ro .${path}; }`),
    ...MASKED_PATHS.map((path) => `if [ -d .${path} ]; then mount -t tmpfs -o ro tmpfs .${path}; elif [ -e .${path} ]; then mount --bind /dev/null .${path}; fi`),
  ];
}

/** A word for a POSIX shell. */
export const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

const NAME = /^[A-Za-z_]\w*$/;

/** By the shell, so that the values are in no process's arguments, which everybody on the machine can read. */
function secretVariables({ secretEnv = [] }: RunSpec): readonly string[] {
  return secretEnv.map((entry) => {
    const at = entry.indexOf('=');
    if (!NAME.test(entry.slice(0, at))) throw new OperatorError('UNSUPPORTED', `the variable ${entry.slice(0, at)} cannot get a secret without an OCI runtime`, { hint: 'install crun' });
    return `export ${entry.slice(0, at)}=${quote(entry.slice(at + 1))}`;
  });
}

/** Capabilities and groups are set by setpriv(1); unshare(1), asked for no namespace, changes root, directory and user in that order. */
function becomeProgram({ user, env, secretEnv = [], cwd, args, insecure, limits: { ulimits = [] } = {} }: RunSpec): readonly string[] {
  const groups = user.additionalGids.length === 0 ? ['--clear-groups'] : ['--groups', user.additionalGids.join(',')];
  const setpriv = ['/usr/bin/setpriv', ...(insecure === true ? kept() : dropped()), '--regid', String(user.gid), ...groups];
  const setuid = user.uid === 0 ? [] : ['--setuid', String(user.uid)];
  // What the shell itself has exported goes; what it was told to export stays.
  const own = secretEnv.length === 0 ? ['-i'] : SHELL_VARIABLES.flatMap((name) => ['-u', name]);
  const visible = env.filter((entry) => !secretEnv.some((secret) => secret.startsWith(entry.slice(0, entry.indexOf('=') + 1))));
  return ['/usr/bin/env', ...own, ...visible, ...prlimit(ulimits), ...setpriv, '/usr/bin/unshare', '--root', '.', '--wd', cwd, ...setuid, '--', ...args];
}

/** Before capabilities go: raising a hard limit needs one. */
function prlimit(ulimits: readonly Ulimit[]): readonly string[] {
  const shown = (value: number): string => (value < 0 ? 'unlimited' : String(value));
  return ulimits.length === 0 ? [] : ['/usr/bin/prlimit', ...ulimits.map(({ name, soft, hard }) => `--${name}=${shown(soft)}:${shown(hard)}`)];
}

const SHELL_VARIABLES = ['PWD', 'OLDPWD', 'SHLVL', '_'];

const asSet = (names: readonly string[]): string => ['-all', ...names.map((name) => `+${name.slice('CAP_'.length).toLowerCase()}`)].join(',');

function dropped(): readonly string[] {
  return ['--bounding-set', asSet(CAPABILITIES), '--inh-caps', '-all'];
}

function kept(): readonly string[] {
  const own = asSet(ownCapabilities());
  return ['--inh-caps', own, '--ambient-caps', own];
}

/** /dev is a file system of its own, in which nodes can be made. */
function makeDevice({ path, type, major, minor, mode, uid, gid }: RunDevice): string {
  const node = quote(`.${path}`);
  return `mkdir -p "$(dirname ${node})"; mknod -m ${mode.toString(8)} ${node} ${type} ${major} ${minor}; chown ${uid}:${gid} ${node}`;
}

function kernelMount({ destination, type, source, options = [] }: OciMount): readonly string[] {
  if (type === 'bind') return [`mount --rbind ${source} .${destination}`];
  const mount = `mount -t ${type} -o ${options.join(',') || 'rw'} ${source} .${destination}`;
  if (destination !== '/dev') return destination.startsWith('/dev/') ? [`mkdir .${destination}`, mount] : [mount];
  const nodes = DEVICES.map((name) => `: > ./dev/${name}; mount --bind /dev/${name} ./dev/${name}`);
  return [mount, ...nodes, ...LINKS.map(([target, name]) => `ln -s ${target} ./dev/${name}`)];
}

function userMount({ type = 'bind', source, target, readonly, options = [], nested }: RunMount): readonly string[] {
  const point = quote(`.${target}`);
  // Below /dev and in memory nothing was prepared: they are new file systems.
  const fresh = target.startsWith('/dev/') || nested === true;
  const isFolder = type === 'tmpfs' ? 'true' : `[ -d ${quote(source)} ]`;
  const prepare = fresh ? [`[ -e ${point} ] || { mkdir -p "$(dirname ${point})"; if ${isFolder}; then mkdir ${point}; else : > ${point}; fi; }`] : [];
  const flags = [...options, ...(readonly ? ['ro'] : [])];
  if (type === 'tmpfs') return [...prepare, `mount -t tmpfs -o ${['rw', ...flags].join(',')} tmpfs ${point}`];
  return [...prepare, `mount --rbind ${quote(source)} ${point}`, ...(flags.length > 0 ? [`mount -o remount,bind,${flags.join(',')} ${point}`] : [])];
}
