import { CAPABILITIES, KERNEL_MOUNTS, MASKED_PATHS, READONLY_PATHS, type OciMount } from './docker-defaults';
import type { RunMount, RunSpec } from './run-spec';
import type { OciSeccomp } from './seccomp/oci-form';

/** How the seccomp filter reaches the runtime: compiled in an annotation, or as rules. */
export interface SeccompSetting {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly rules?: OciSeccomp;
}

const UMASK = 0o022;

/** The `config.json` of a bundle (OCI runtime-spec, config.md and config-linux.md) with Docker's defaults. */
export function ociConfig(spec: RunSpec, seccomp: SeccompSetting): Readonly<Record<string, unknown>> {
  return {
    ociVersion: '1.0.2',
    process: processSection(spec),
    root: { path: spec.rootfs, readonly: false },
    hostname: spec.hostname,
    mounts: [...KERNEL_MOUNTS, ...spec.mounts.map(bindMount)],
    ...(seccomp.annotations === undefined ? {} : { annotations: seccomp.annotations }),
    linux: {
      namespaces: namespaces(spec.network),
      maskedPaths: MASKED_PATHS,
      readonlyPaths: READONLY_PATHS,
      ...(seccomp.rules === undefined ? {} : { seccomp: seccomp.rules }),
    },
  };
}

function processSection(spec: RunSpec): object {
  // As in Docker: root has the capabilities, another user only gets them back through setuid or file capabilities.
  const effective = spec.user.uid === 0 ? CAPABILITIES : [];
  return {
    terminal: false,
    user: { ...spec.user, umask: UMASK },
    args: spec.args,
    env: spec.env,
    cwd: spec.cwd,
    capabilities: { bounding: CAPABILITIES, effective, permitted: effective, inheritable: [], ambient: [] },
    noNewPrivileges: false,
  };
}

function namespaces(network: RunSpec['network']): readonly { readonly type: string }[] {
  const types = ['pid', 'mount', 'ipc', 'uts', ...(network === 'none' ? ['network'] : [])];
  return types.map((type) => ({ type }));
}

function bindMount(mount: RunMount): OciMount {
  const options = ['rbind', 'rprivate', ...(mount.readonly ? ['ro'] : [])];
  return { destination: mount.target, type: 'bind', source: mount.source, options };
}
