import { defineCommand } from '../argv/command';
import { inputOptions } from '../build/build-options';
import { dockerfileFromInput } from '../build/dockerfile-text';
import { inputFlags } from '../build/flags';
import { refusedFlags } from '../build/refused-flags';
import { exitCodes } from '../exit-codes';
import { planText } from '../output/plan-text';
import { print } from '../terminal';
import { withBuilder } from './with-builder';

/** `strake plan` */
export const plan = defineCommand({
  name: 'plan',
  usage: '[OPTIONS] PATH | -',
  summary: 'Show what a build would do, without doing it',
  flags: {
    ...inputFlags,
    format: { type: 'string', placeholder: 'string', summary: 'Format of the output: text, json', default: '"text"', choices: ['text', 'json'] },
    ...refusedFlags,
  },
  arguments: { min: 1, max: 1, complete: 'directory' },
  async run(invocation) {
    const { flags, args, terminal, signal } = invocation;
    const options = inputOptions('strake plan', args[0] ?? '.', flags, terminal);
    const dockerfile = await dockerfileFromInput(flags.file, terminal);
    const planned = await withBuilder(invocation, (builder) => builder.plan({ ...options, ...dockerfile, signal }));
    print(terminal, flags.format === 'json' ? JSON.stringify(planned, null, 2) : planText(planned));
    return exitCodes.success;
  },
});
