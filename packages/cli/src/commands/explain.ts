import { defineCommand } from '../argv/command';
import { inputOptions } from '../build/build-options';
import { dockerfileFromInput } from '../build/dockerfile-text';
import { inputFlags } from '../build/flags';
import { refusedFlags } from '../build/refused-flags';
import { exitCodes } from '../exit-codes';
import { explainText } from '../output/explain-text';
import { print } from '../terminal';
import { withBuilder } from './with-builder';

/** `strake explain` */
export const explain = defineCommand({
  name: 'explain',
  usage: '[OPTIONS] [PATH | -]',
  summary: 'Say why steps are not cached, without building',
  flags: {
    ...inputFlags,
    format: { type: 'string', placeholder: 'string', summary: 'Format of the output: text, json', default: '"text"', choices: ['text', 'json'] },
    ...refusedFlags,
  },
  arguments: { min: 0, max: 1, complete: 'directory' },
  async run(invocation) {
    const { flags, args, terminal, signal } = invocation;
    const options = inputOptions('strake explain', args[0] ?? '.', flags, terminal);
    const dockerfile = await dockerfileFromInput(flags.file, terminal);
    const planned = await withBuilder(invocation, (builder) => builder.plan({ ...options, ...dockerfile, signal }));
    const { platform, steps } = planned;
    const told = steps.map(({ name, stage, digest, range, cached, uncertain, reason, changes, against, because }) => ({ name, stage, digest, range, cached, uncertain, reason, changes, against, because }));
    print(terminal, flags.format === 'json' ? JSON.stringify({ platform, steps: told }, null, 2) : explainText(planned, Date.now()));
    return exitCodes.success;
  },
});
