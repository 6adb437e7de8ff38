import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hideUnifiedCgroup } from './cgroup-hybrid';
import type { ChildCommand } from './child-run';
import type { ControlGroup } from '../limits/control-group';
import { encodeConfig, ociConfig, type SeccompSetting } from './oci-config';
import { endContainer, pidFile, readPid, writeHolder } from './reclaim';
import { inGroup, runContainer } from './run-container';
import type { RunResult, Runtime, RuntimeFolders, RunSpec } from './run-spec';
import { loggedErrors, startFailure } from './runtime-failure';
import { crunSeccomp } from './seccomp/filter';
import { ociSeccomp } from './seccomp/oci-form';
import { StartMessages } from './start-messages';
import { openStateFolder, type StateFolder } from './state-folder';

interface OciRuntimeKind {
  readonly name: 'crun' | 'runc';
  readonly flags: readonly string[];
  seccomp(folders: RuntimeFolders): SeccompSetting;
}

const KINDS: readonly OciRuntimeKind[] = [
  { name: 'crun', flags: ['--cgroup-manager=disabled'], seccomp: ({ cacheDirectory }) => crunSeccomp(cacheDirectory) },
  { name: 'runc', flags: [], seccomp: () => ({ rules: ociSeccomp(process.arch) }) },
];

/** What the first run makes and later ones share. */
interface Shared {
  readonly state: StateFolder;
  readonly seccomp: SeccompSetting;
}

/** crun or runc, whatever the OCI runtime specification's command line fits. */
export class OciRuntime implements Runtime {
  readonly name: 'crun' | 'runc';
  readonly path: string;
  readonly warnings: readonly string[] = [];
  readonly #kind: OciRuntimeKind;
  readonly #folders: RuntimeFolders;
  #shared: Shared | undefined;

  constructor(name: 'crun' | 'runc', path: string, folders: RuntimeFolders) {
    const kind = KINDS.find((candidate) => candidate.name === name);
    if (kind === undefined) throw new TypeError(name);
    this.name = name;
    this.path = path;
    this.#kind = kind;
    this.#folders = folders;
  }

  async run(spec: RunSpec): Promise<RunResult> {
    const { state, seccomp } = (this.#shared ??= this.#prepare());
    const command = (group?: ControlGroup): ChildCommand => {
      // runc makes groups itself, and is too large to be in one whose memory is scarce.
      const cgroupsPath = this.name === 'runc' && group !== undefined ? join(group.path, 'container') : undefined;
      writeFileSync(join(spec.bundle, 'config.json'), encodeConfig(ociConfig(spec, { ...(spec.insecure === true ? {} : seccomp), ...(cgroupsPath === undefined ? {} : { cgroupsPath }) }), spec));
      return cgroupsPath === undefined ? inGroup(this.#command(spec, state.directory), group) : this.#command(spec, state.directory);
    };
    const messages = new StartMessages((stream, data) => spec.log(stream, data));
    const result = await runContainer(command, { ...spec, log: messages.log }, state);
    const explained = result.exitCode === 0 ? undefined : this.#explain(spec);
    if (explained === undefined) messages.release();
    return explained ?? result;
  }

  close(): void {
    this.#shared?.state.close();
    this.#shared = undefined;
  }

  #prepare(): Shared {
    if (this.name === 'crun') hideUnifiedCgroup();
    return { state: openStateFolder(this.#folders.stateRoot), seccomp: this.#kind.seccomp(this.#folders) };
  }

  #command(spec: RunSpec, directory: string): ChildCommand {
    const pid = pidFile(directory, spec.id);
    // Its own messages go to a file: nothing but the program's output is in the streams.
    const globals = ['--root', spec.secretEnv === undefined ? directory : join(spec.bundle, 'state'), ...this.#kind.flags, '--log', logFile(spec), '--log-format', 'json'];
    return {
      path: this.path,
      args: [...globals, 'run', '--bundle', spec.bundle, '--pid-file', pid, spec.id],
      env: process.env,
      // The runtime copies its configuration to its state, which is in memory then, where no other process would find it.
      ...(spec.secretEnv === undefined ? {} : { started: (child: number) => writeHolder(directory, spec.id, child) }),
      // The first process takes its whole pid namespace with it; the runtime must live to clean up.
      kill: () => {
        const init = readPid(pid);
        if (init !== undefined) endContainer(init);
        return init !== undefined;
      },
    };
  }

  /** Tells a program's own failure from one to start it, which is in the log. */
  #explain(spec: RunSpec): RunResult | undefined {
    const errors = existsSync(logFile(spec)) ? loggedErrors(logFile(spec)) : [];
    if (errors.length === 0) return undefined;
    const { exitCode, message } = startFailure(this.name, errors, spec.args[0] ?? '');
    spec.log(2, Buffer.from(`${message}\n`));
    return { exitCode };
  }
}

const logFile = (spec: RunSpec): string => join(spec.bundle, 'log');
