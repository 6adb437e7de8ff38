import { relative } from 'node:path';
import { defineCommand } from '../argv/command';
import { UsageError } from '../argv/usage-error';
import { exitCodes } from '../exit-codes';
import { print } from '../terminal';

const KINDS = ['instruction', 'check-rule', 'cache', 'exporter', 'source', 'backend'] as const;

/** `strake create plugin NAME` */
export const create = defineCommand({
  name: 'create',
  usage: '[OPTIONS] plugin NAME',
  summary: 'Make a package for a plugin, with a test, a README and an example',
  flags: {
    kind: { type: 'string', placeholder: 'string', summary: `What it defines: ${KINDS.join(', ')}`, default: '"instruction"', choices: KINDS },
  },
  arguments: { min: 2, max: 2, complete: ['plugin'] },
  async run({ flags, args: [what = '', name = ''], terminal }) {
    if (what !== 'plugin') throw new UsageError('strake create', `strake create makes plugins, not "${what}"`, `strake create plugin ${name}`);
    // Loaded here: no other command writes packages.
    const { createPlugin, CreateError } = await import('create-strake-plugin');
    try {
      const kind = KINDS.find((one) => one === flags.kind);
      const { folder, files } = createPlugin({ name, directory: terminal.cwd, ...(kind === undefined ? {} : { kind }) });
      print(terminal, files.map((file) => `  ${file}`).join('\n'));
      terminal.stderr.write(`\nnext: cd ${relative(terminal.cwd, folder)} && npm install && npm test\n`);
      return exitCodes.success;
    } catch (error) {
      throw error instanceof CreateError ? new UsageError('strake create', error.message) : error;
    }
  },
});
