import { DockerfileError, StepFailedError, type ApplyOptions, type ExecOp } from '@strake/api';
import { findOwner } from '@strake/oci';
import { LastLines, Redactor } from '@strake/solver';
import { missingDirectories } from '../copy/place-copy';
import { encodeHeader } from '@strake/oci';
import type { LogSink } from '../engine';
import type { StepContainer } from './step-container';

/** A program as it is run: secrets that are variables come last, and are hidden in its output. */
export interface RunningExec {
  readonly op: ExecOp;
  readonly secretEnv: readonly string[];
  readonly hidden: readonly Buffer[];
}

/** Runs a program in a container. Throws STEP_FAILED, with the last lines of its output, when it does not end with 0; INVALID_ARGUMENTS for an unknown user. */
export async function runExec({ op, secretEnv, hidden }: RunningExec, container: StepContainer, options: ApplyOptions): Promise<void> {
  await makeWorkingDirectory(op, container, options);
  for (const { name, content } of op.scripts ?? []) await container.writeMemory(`/dev/pipes/${name}`, Buffer.from(content), { uid: 0, gid: 0, mode: 0o755 }, options.signal);
  const last = new LastLines(10);
  const output = outputOf(hidden, options, last);
  const env = [...op.env, ...secretEnv];
  const program = { args: op.args, env: withPath(env), user: op.user === '' ? '0' : op.user, cwd: op.cwd };
  const code = await container.exec(program, op.security === 'insecure', output.log, options.signal);
  output.end();
  if (code !== 0) throw failure(op, code, last.lines());
}

/** As the engine gives it to a program without one. */
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const withPath = (env: readonly string[]): readonly string[] => (env.some((pair) => pair.startsWith('PATH=')) ? env : [PATH, ...env]);

/** In a container that runs the first process does it. */
async function makeWorkingDirectory({ cwd, user }: ExecOp, container: StepContainer, { signal }: ApplyOptions): Promise<void> {
  if (container.wasStarted) return;
  const { target } = container;
  if (cwd === '/' || (await target.files.kind(await target.files.resolve(cwd))) === 'directory') return;
  const owner = user === '' ? { uid: 0, gid: 0 } : findOwner(await target.files.accounts(), user, () => undefined);
  const made = await missingDirectories(cwd, target.files, { mode: 0o755, ...owner, shown: cwd });
  const headers = made.map(({ path, mode, uid, gid }) => encodeHeader({ path: Buffer.from(path.slice(1)), type: 'directory', mode, uid, gid, size: 0, mtime: BigInt(Date.now()) * 1_000_000n }));
  await target.put(Buffer.concat([...headers, Buffer.alloc(1024)]), { replace: false, signal });
}

/** Where output goes: secrets masked, to the log and to the memory of the last lines. */
function outputOf(hidden: readonly Buffer[], options: ApplyOptions, last: LastLines): { readonly log: LogSink; readonly end: () => void } {
  const show = (stream: 1 | 2, data: Buffer): void => {
    if (data.length === 0) return;
    last.add(data);
    options.log(stream, data);
  };
  if (hidden.length === 0) return { log: show, end: () => undefined };
  const redactors = { 1: new Redactor(hidden), 2: new Redactor(hidden) };
  return { log: (stream, data) => show(stream, redactors[stream].add(data)), end: () => ([1, 2] as const).forEach((stream) => show(stream, redactors[stream].end())) };
}

function failure(op: ExecOp, code: number, notes: readonly string[]): DockerfileError {
  const [, kind, name] = /unable to find (user|group) (\S+): no matching entries/.exec(notes.at(-1) ?? '') ?? [];
  if (code !== 126 || kind === undefined) return new StepFailedError(op.args, code, { notes });
  return new DockerfileError('INVALID_ARGUMENTS', `unable to find ${kind} ${name}: no matching entries in ${kind === 'user' ? 'passwd' : 'group'} file`, {
    hint: `create the ${kind} in an earlier RUN, or give its number`,
  });
}
