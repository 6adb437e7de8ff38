import { defineInstruction } from '@strake/api';
import { historyOf } from './history';
import { programOf } from './program';

const NETWORKS: readonly string[] = ['default', 'none', 'host'];

/** BuildKit gives the shell nothing to do, and so do we. */
const NOTHING = { code: 'EmptyInstruction', message: 'RUN without a program runs the shell on nothing', hint: 'write a program, or remove the instruction' } as const;

/** RUN: runs a program in the stage. */
export const run = defineInstruction({
  keyword: 'RUN',
  summary: 'runs a program in the stage',
  flags: {
    network: {
      type: 'string',
      summary: 'default, none or host',
      check: (value) => (NETWORKS.includes(value) ? undefined : `invalid network mode: "${value}"`),
    },
  },
  refusedFlags: { mount: 'mounts', security: 'security modes', device: 'devices' },
  args: { kind: 'program', heredoc: true, optional: true },
  lower: ({ args, flags, heredocs }, stage) => {
    const program = programOf(args, heredocs, stage.shell);
    const network = (flags.network ?? stage.network) as 'default' | 'none' | 'host';
    const user = stage.config.User ?? '';
    return {
      ops: [{ type: 'exec', ...program, env: stage.env, cwd: stage.workdir, user, network }],
      history: historyOf(program.args, stage),
      ...(args.form === 'shell' && args.text === '' ? { warnings: [NOTHING] } : {}),
    };
  },
});
