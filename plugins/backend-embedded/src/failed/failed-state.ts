import { OperatorError, type FailedExec, type FailedProgram, type FailedState, type ContainerConfig, type Image } from '@strake/api';
import type { Asking } from './asking';
import type { Diff } from '../worker/protocol';

/** What a failed state is made of on the side of the session. */
export interface FailedStateParts {
  readonly program: FailedProgram;
  readonly asking: Asking;
  /** A new path in the lease's folder. */
  readonly newFile: () => string;
  /** Takes the packed layer of the state, which is removed afterwards. */
  readonly image: (file: string, layer: Diff, config: ContainerConfig) => Promise<Image>;
}

/** What a failed program left, as the embedding program sees it. */
export function failedState({ program, asking, newFile, image }: FailedStateParts): FailedState {
  return {
    program,
    exec: (exec) => run(exec, asking),
    read: async (path, limit) => Buffer.from(await asking.ask({ type: 'read', path, limit })),
    list: (path) => asking.ask({ type: 'list', path }),
    image: async (config) => {
      const file = newFile();
      return image(file, await asking.ask({ type: 'pack', file }), config);
    },
  };
}

function run(program: FailedExec, asking: Asking): Promise<{ readonly exitCode: number }> {
  const { args, env, cwd, user, stdin, terminal, signal } = program;
  if (args.length === 0) return Promise.reject(new OperatorError('USAGE', 'there is no program to run'));
  const exec = {
    args, fed: stdin !== undefined,
    ...(env === undefined ? {} : { env }), ...(cwd === undefined ? {} : { cwd }), ...(user === undefined ? {} : { user }), ...(terminal === undefined ? {} : { terminal }),
  };
  return asking.ask({ type: 'exec', exec }, { output: (stream, data) => program.output?.(stream, data), ...(stdin === undefined ? {} : { stdin }), ...(signal === undefined ? {} : { signal }) });
}
