import { defineInstruction, type LoweredExec } from '@strake/api';
import { parseDevice } from './device';
import { historyOf } from './history';
import { checkMount, lowerMounts } from './mount/lower-mounts';
import { programOf } from './program';

const NETWORKS: readonly string[] = ['default', 'none', 'host'];
const SECURITIES: readonly string[] = ['sandbox', 'insecure'];

/** BuildKit gives the shell nothing to do, and so do we. */
const nothing = (keyword: string) => ({ code: 'EmptyInstruction', message: `${keyword} without a program runs the shell on nothing`, hint: 'write a program, or remove the instruction' });

/** RUN: runs a program in the stage. */
export const run = defineInstruction({
  keyword: 'RUN',
  summary: 'runs a program in the stage',
  flags: {
    mount: { type: 'strings', summary: 'shows the program a file, a folder, a cache, a secret or an SSH agent' },
    network: { type: 'string', summary: 'default, none or host', check: (value) => (NETWORKS.includes(value) ? undefined : `invalid network mode: "${value}"`) },
    security: { type: 'string', summary: 'sandbox or insecure', check: (value) => (SECURITIES.includes(value) ? undefined : `security "${value}" is not valid`) },
    device: { type: 'strings', summary: 'gives the program a device of the machine' },
  },
  args: { kind: 'program', heredoc: true, optional: true },
  check: ({ flags: { mount = [], device = [] } }) => {
    mount.forEach(checkMount);
    device.forEach(parseDevice);
  },
  lower: ({ keyword, args, flags, heredocs }, stage) => {
    const program = programOf(args, heredocs, stage.shell);
    const { mounts, env, warnings: mountWarnings } = lowerMounts(flags.mount ?? [], stage);
    const warnings = args.form === 'shell' && args.text === '' && heredocs.length === 0 ? [...mountWarnings, nothing(keyword)] : mountWarnings;
    const devices = (flags.device ?? []).map(parseDevice);
    const exec: LoweredExec = {
      type: 'exec', ...program, env: [...stage.env, ...env], cwd: stage.workdir, user: stage.config.User ?? '',
      network: (flags.network ?? stage.network) as LoweredExec['network'],
      ...(mounts.length > 0 ? { mounts } : {}),
      ...(flags.security === 'insecure' ? { security: 'insecure' } : {}),
      ...(devices.length > 0 ? { devices } : {}),
    };
    return { ops: [exec], history: historyOf(program.args, stage), ...(warnings.length > 0 ? { warnings } : {}) };
  },
});
