import { defineCommand } from '../argv/command';
import { exitCodes } from '../exit-codes';
import { pluginsText } from '../output/plugins-text';
import { print } from '../terminal';
import { withBuilder } from './with-builder';

/** `strake plugins` */
export const plugins = defineCommand({
  name: 'plugins',
  usage: '[OPTIONS]',
  summary: 'List plugins: where they are from, what they define, which hooks they tap',
  flags: {
    format: { type: 'string', placeholder: 'string', summary: 'Format of the output: text, json', default: '"text"', choices: ['text', 'json'] },
  },
  arguments: { min: 0, max: 0 },
  async run(invocation) {
    const { flags, terminal } = invocation;
    const report = await withBuilder(invocation, (builder) => builder.plugins());
    print(terminal, flags.format === 'json' ? JSON.stringify(report, null, 2) : pluginsText(report, terminal.cwd));
    return exitCodes.success;
  },
});
