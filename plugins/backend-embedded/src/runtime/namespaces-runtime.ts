import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '@strake/api';
import type { ChildCommand } from './child-run';
import { whyNotStartable } from './find-program';
import { namespacesScript, type ScriptFiles } from './namespaces-script';
import { endContainer, pidFile, writeHolder } from './reclaim';
import { inGroup, runContainer } from './run-container';
import type { RunResult, Runtime, RuntimeFolders, RunSpec } from './run-spec';
import { openStateFolder, type StateFolder } from './state-folder';

/** Tools of util-linux and coreutils that it needs, beside a shell and mount(8). */
export const NAMESPACES_TOOLS: readonly string[] = ['/usr/bin/unshare', '/usr/bin/setpriv', '/usr/bin/env', '/bin/sh'];

const [UNSHARE = ''] = NAMESPACES_TOOLS;

/** Containers from the tools that every Debian has, for machines without an OCI runtime. */
export class NamespacesRuntime implements Runtime {
  readonly name = 'namespaces';
  readonly path = UNSHARE;
  readonly warnings: readonly string[] = ['RUN has no seccomp filter here: install crun for the isolation that Docker gives'];
  readonly #folders: RuntimeFolders;
  #state: StateFolder | undefined;

  constructor(folders: RuntimeFolders) {
    this.#folders = folders;
  }

  async run(spec: RunSpec): Promise<RunResult> {
    if (spec.terminal === true) throw new OperatorError('UNSUPPORTED', 'no program can have a terminal without an OCI runtime', { hint: 'install crun' });
    const failure = whyNotStartable(spec);
    if (failure !== undefined) {
      spec.log(2, Buffer.from(`${failure.message}\n`));
      return { exitCode: failure.exitCode };
    }
    const state = (this.#state ??= openStateFolder(this.#folders.stateRoot));
    const files: ScriptFiles = { log: join(spec.bundle, 'log'), complete: join(spec.bundle, 'complete') };
    const script = join(spec.bundle, 'container.sh');
    writeFileSync(script, namespacesScript(spec, files));
    const result = await runContainer((group) => inGroup(command(spec, script, state.directory), group), spec, state);
    if (!existsSync(files.complete)) throw notMade(files);
    return result;
  }

  close(): void {
    this.#state?.close();
    this.#state = undefined;
  }
}

function command(spec: RunSpec, script: string, directory: string): ChildCommand {
  const network = spec.network === 'none' ? ['--net'] : [];
  return {
    path: UNSHARE,
    args: ['--pid', '--fork', '--kill-child', '--mount', '--ipc', '--uts', ...network, '/bin/sh', script],
    // Nothing of this process's own may reach a program whose variables the shell sets.
    env: spec.secretEnv === undefined ? process.env : {},
    started(pid) {
      writeHolder(directory, spec.id, pid);
      writeFileSync(pidFile(directory, spec.id), String(pid));
    },
    kill(pid) {
      endContainer(pid);
      return true;
    },
  };
}

function notMade({ log }: ScriptFiles): OperatorError {
  const message = existsSync(log) ? readFileSync(log, 'utf8').trim() : 'unshare(1) failed';
  return new OperatorError('RUNTIME_FAILED', `plain namespaces cannot make a container: ${message}`, { hint: 'install crun' });
}
