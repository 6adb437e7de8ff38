import { CAPABILITIES, KERNEL_MOUNTS, MASKED_PATHS, READONLY_PATHS, type OciMount } from './docker-defaults';
import type { RunMount, RunSpec } from './run-spec';

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
    `exec 3>&2 2>${quote(files.log)}`,
    `chown ${spec.user.uid} /proc/self/fd/1 /proc/self/fd/3`,
    `mount --bind ${root} ${root}`,
    `cd ${root}`,
    ...KERNEL_MOUNTS.flatMap(kernelMount),
    ...spec.mounts.flatMap(bindMount),
    ...READONLY_PATHS.map((path) => `[ ! -e .${path} ] || { mount --bind .${path} .${path}; mount -o remount,bind,ro .${path}; }`),
    ...MASKED_PATHS.map((path) => `if [ -d .${path} ]; then mount -t tmpfs -o ro tmpfs .${path}; elif [ -e .${path} ]; then mount --bind /dev/null .${path}; fi`),
    `hostname ${quote(spec.hostname)}`,
    ...(spec.network === 'none' ? ['ip link set lo up || ifconfig lo up'] : []),
    'mount --move . /',
    'umask 022',
    `: > ${quote(files.complete)}`,
    'exec 2>&3 3>&-',
    `exec ${[...becomeProgram(spec)].map(quote).join(' ')}`,
    '',
  ].join('\n');
}

/** A word for a POSIX shell. */
export const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** Capabilities and groups are set by setpriv(1); unshare(1), asked for no namespace, changes root, directory and user in that order. */
function becomeProgram({ user, env, cwd, args }: RunSpec): readonly string[] {
  const capabilities = ['-all', ...CAPABILITIES.map((name) => `+${name.slice('CAP_'.length).toLowerCase()}`)].join(',');
  const groups = user.additionalGids.length === 0 ? ['--clear-groups'] : ['--groups', user.additionalGids.join(',')];
  const setpriv = ['/usr/bin/setpriv', '--bounding-set', capabilities, '--inh-caps', '-all', '--regid', String(user.gid), ...groups];
  const setuid = user.uid === 0 ? [] : ['--setuid', String(user.uid)];
  return ['/usr/bin/env', '-i', ...env, ...setpriv, '/usr/bin/unshare', '--root', '.', '--wd', cwd, ...setuid, '--', ...args];
}

function kernelMount({ destination, type, source, options = [] }: OciMount): readonly string[] {
  const mount = `mount -t ${type} -o ${options.join(',')} ${source} .${destination}`;
  if (destination !== '/dev') return destination.startsWith('/dev/') ? [`mkdir .${destination}`, mount] : [mount];
  const nodes = DEVICES.map((name) => `: > ./dev/${name}; mount --bind /dev/${name} ./dev/${name}`);
  return [mount, ...nodes, ...LINKS.map(([target, name]) => `ln -s ${target} ./dev/${name}`)];
}

function bindMount({ source, target, readonly }: RunMount): readonly string[] {
  const point = quote(`.${target}`);
  // Below /dev nothing was prepared: it is a new file system.
  const prepare = target.startsWith('/dev/') ? [`mkdir -p "$(dirname ${point})"`, `[ -d ${quote(source)} ] && mkdir ${point} || : > ${point}`] : [];
  return [...prepare, `mount --rbind ${quote(source)} ${point}`, ...(readonly ? [`mount -o remount,bind,ro ${point}`] : [])];
}
