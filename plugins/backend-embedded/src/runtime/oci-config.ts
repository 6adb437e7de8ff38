import { CAPABILITIES, MASKED_PATHS, READONLY_PATHS, type OciMount } from './docker-defaults';
import { insecureDevices, ownCapabilities } from './insecure';
import { kernelMounts } from './kernel-mounts';
import type { RunDevice, RunMount, RunSpec } from './run-spec';
import type { OciSeccomp } from './seccomp/oci-form';

/** How the seccomp filter reaches the runtime: compiled in an annotation, or as rules. */
export interface SeccompSetting {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly rules?: OciSeccomp;
}

const UMASK = 0o022;

/** The `config.json` of a bundle (OCI runtime-spec, config.md and config-linux.md) with Docker's defaults. */
export function ociConfig(spec: RunSpec, seccomp: SeccompSetting & { readonly cgroupsPath?: string }): Readonly<Record<string, unknown>> {
  const insecure = spec.insecure === true;
  const devices = [...(spec.devices ?? []), ...(insecure ? insecureDevices() : [])];
  return {
    ociVersion: '1.0.2',
    process: processSection(spec),
    root: { path: spec.rootfs, readonly: false },
    hostname: spec.hostname,
    mounts: [...kernelMounts(spec), ...spec.mounts.map(ociMount)],
    ...(seccomp.annotations === undefined ? {} : { annotations: seccomp.annotations }),
    linux: {
      namespaces: namespaces(spec.network),
      ...(seccomp.cgroupsPath === undefined ? {} : { cgroupsPath: seccomp.cgroupsPath }),
      maskedPaths: insecure ? [] : MASKED_PATHS,
      readonlyPaths: insecure ? [] : READONLY_PATHS,
      ...(devices.length === 0 ? {} : { devices: devices.map(ociDevice), resources: { devices: allowed(devices, insecure) } }),
      ...(seccomp.rules === undefined ? {} : { seccomp: seccomp.rules }),
    },
  };
}

function processSection(spec: RunSpec): object {
  if (spec.insecure === true) return { ...common(spec), capabilities: ambient(ownCapabilities()) };
  // As in Docker: root has the capabilities, another user only gets them back through setuid or file capabilities.
  const effective = spec.user.uid === 0 ? CAPABILITIES : [];
  return { ...common(spec), capabilities: { bounding: CAPABILITIES, effective, permitted: effective, inheritable: [], ambient: [] } };
}

function common(spec: RunSpec): object {
  const { user, args, env, secretEnv = [], cwd, limits: { ulimits } = {}, terminal = false } = spec;
  const rlimits = ulimits?.map(({ name, soft, hard }) => ({ type: `RLIMIT_${name.toUpperCase()}`, soft: soft < 0 ? unlimited(spec) : soft, hard: hard < 0 ? unlimited(spec) : hard }));
  return { terminal, user: { ...user, umask: UMASK }, args, env: [...env, ...secretEnv], cwd, noNewPrivileges: false, ...(rlimits === undefined ? {} : { rlimits }) };
}

/** Stands for RLIM_INFINITY, which is no number that JavaScript has; nothing else in a configuration is like it. */
const unlimited = ({ id }: RunSpec): string => `unlimited ${id}`;

/** A configuration as a runtime reads it. */
export function encodeConfig(config: Readonly<Record<string, unknown>>, spec: RunSpec): string {
  return JSON.stringify(config).replaceAll(JSON.stringify(unlimited(spec)), '18446744073709551615');
}

const ambient = (names: readonly string[]): object => ({ bounding: names, effective: names, permitted: names, inheritable: names, ambient: names });

function ociDevice({ path, type, major, minor, mode, uid, gid }: RunDevice): object {
  return { path, type, major, minor, fileMode: mode, uid, gid };
}

function allowed(devices: readonly RunDevice[], insecure: boolean): readonly object[] {
  if (insecure) return [{ allow: true, access: 'rwm' }];
  return devices.map(({ type, major, minor }) => ({ allow: true, type, major, minor, access: 'rwm' }));
}

function namespaces(network: RunSpec['network']): readonly { readonly type: string }[] {
  const types = ['pid', 'mount', 'ipc', 'uts', ...(network === 'none' ? ['network'] : [])];
  return types.map((type) => ({ type }));
}

function ociMount({ type = 'bind', target, source, readonly, options = [] }: RunMount): OciMount {
  const kind = type === 'bind' ? ['rbind', 'rprivate'] : [];
  return { destination: target, type, source, options: [...kind, ...options, ...(readonly ? ['ro'] : [])] };
}
