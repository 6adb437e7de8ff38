import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hideUnifiedCgroup } from './cgroup-hybrid';
import { runChild } from './child-run';
import { removeMountPoints, missingMountPoints } from './mount-points';
import { ociConfig, type SeccompSetting } from './oci-config';
import { reclaimContainer } from './reclaim';
import type { RunResult, Runtime, RuntimeFolders, RunSpec } from './run-spec';
import { loggedErrors, startFailure } from './runtime-failure';
import { crunSeccomp } from './seccomp/filter';
import { ociSeccomp } from './seccomp/oci-form';
import { startWatchdog } from './watchdog';

interface OciRuntimeKind {
  readonly name: 'crun' | 'runc';
  readonly flags: readonly string[];
  seccomp(folders: RuntimeFolders): SeccompSetting;
}

/** Docker's network for RUN has addresses of its own; here it is the machine's. */
const KINDS: readonly OciRuntimeKind[] = [
  { name: 'crun', flags: ['--cgroup-manager=disabled'], seccomp: ({ cacheDirectory }) => crunSeccomp(cacheDirectory) },
  { name: 'runc', flags: [], seccomp: () => ({ rules: ociSeccomp(process.arch) }) },
];

/** crun or runc, whatever the OCI runtime specification's command line fits. */
export class OciRuntime implements Runtime {
  readonly name: 'crun' | 'runc';
  readonly path: string;
  readonly warnings: readonly string[] = [];
  readonly #kind: OciRuntimeKind;
  readonly #folders: RuntimeFolders;
  #seccomp: SeccompSetting | undefined;

  constructor(name: 'crun' | 'runc', path: string, folders: RuntimeFolders) {
    const kind = KINDS.find((candidate) => candidate.name === name);
    if (kind === undefined) throw new TypeError(name);
    this.name = name;
    this.path = path;
    this.#kind = kind;
    this.#folders = folders;
  }

  async run(spec: RunSpec): Promise<RunResult> {
    const seccomp = this.#prepare();
    writeFileSync(join(spec.bundle, 'config.json'), JSON.stringify(ociConfig(spec, seccomp)));
    const added = missingMountPoints(spec);
    try {
      const result = await runChild(this.#command(spec), spec);
      return result.exitCode === 0 ? result : this.#explain(spec, result);
    } finally {
      reclaimContainer(this.#folders.stateRoot, spec.id);
      removeMountPoints(added);
    }
  }

  /** What the first run needs and later ones share. */
  #prepare(): SeccompSetting {
    if (this.#seccomp === undefined) {
      mkdirSync(this.#folders.stateRoot, { recursive: true, mode: 0o700 });
      this.#seccomp = this.#kind.seccomp(this.#folders);
      if (this.name === 'crun') hideUnifiedCgroup();
      startWatchdog([this.path, ...this.#globalFlags()], this.#folders.stateRoot);
    }
    return this.#seccomp;
  }

  #globalFlags(): readonly string[] {
    return ['--root', this.#folders.stateRoot, ...this.#kind.flags];
  }

  #command(spec: RunSpec): Parameters<typeof runChild>[0] {
    const pidFile = join(spec.bundle, 'pid');
    const log = ['--log', logFile(spec), '--log-format', 'json'];
    return {
      path: this.path,
      args: [...this.#globalFlags(), ...log, 'run', '--bundle', spec.bundle, '--pid-file', pidFile, spec.id],
      env: process.env,
      // The first process takes its whole pid namespace with it; the runtime must live to clean up.
      kill: () => killFromFile(pidFile),
    };
  }

  #explain(spec: RunSpec, result: RunResult): RunResult {
    if (!existsSync(logFile(spec))) return result;
    const errors = loggedErrors(logFile(spec));
    return errors.length === 0 ? result : { exitCode: startFailure(this.name, errors) };
  }
}

const logFile = (spec: RunSpec): string => join(spec.bundle, 'log');

function killFromFile(pidFile: string): boolean {
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
  if (!(pid > 1)) return false;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  return true;
}
