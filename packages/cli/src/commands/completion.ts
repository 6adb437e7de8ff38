import { defineCommand } from '../argv/command';
import { UsageError } from '../argv/usage-error';
import { completionScript, shells } from '../completion/scripts';
import { exitCodes } from '../exit-codes';

/** `strake completion` */
export const completion = defineCommand({
  name: 'completion',
  usage: 'bash | zsh | fish',
  summary: 'Print a completion script for a shell',
  flags: {},
  arguments: { min: 1, max: 1, complete: shells },
  async run({ args, terminal }) {
    const script = completionScript(args[0] ?? '');
    if (script === undefined) throw new UsageError('strake completion', `unknown shell: ${args[0] ?? ''}`, `known: ${shells.join(', ')}`);
    terminal.stdout.write(script);
    return exitCodes.success;
  },
});
