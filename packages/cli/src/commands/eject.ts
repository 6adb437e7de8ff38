import { defineCommand } from '../argv/command';
import { UsageError } from '../argv/usage-error';
import { dockerfileFromInput } from '../build/dockerfile-text';
import { inputFlags } from '../build/flags';
import { parseContext } from '../build/parse-context';
import { parsePairs } from '../build/parse-pairs';
import { exitCodes } from '../exit-codes';
import { warningText } from '../progress/warning-text';
import { print } from '../terminal';
import { withBuilder } from './with-builder';

const { file, 'build-arg': buildArg, 'build-context': buildContext } = inputFlags;

/** `strake eject` */
export const eject = defineCommand({
  name: 'eject',
  usage: '[OPTIONS] [PATH]',
  summary: 'Print the plain Dockerfile that one with instructions of plugins amounts to',
  flags: { file, 'build-arg': buildArg, 'build-context': buildContext },
  arguments: { min: 0, max: 1, complete: 'directory' },
  async run(invocation) {
    const { flags, args, terminal, signal } = invocation;
    const refuse = (name: string): never => {
      throw new UsageError('strake eject', `invalid value "${name}" for --build-context`, 'the format is name=VALUE');
    };
    const options = {
      context: parseContext('strake eject', args[0] ?? '.'),
      ...(flags.file === undefined || flags.file === '-' ? {} : { dockerfile: flags.file }),
      ...(await dockerfileFromInput(flags.file, terminal)),
      buildArgs: parsePairs('strake eject', '--build-arg', flags['build-arg'], (name) => terminal.env[name]),
      buildContexts: parsePairs('strake eject', '--build-context', flags['build-context'], refuse),
    };
    const { text, notes } = await withBuilder(invocation, (builder) => builder.eject({ ...options, signal }));
    for (const note of notes) terminal.stderr.write(`${warningText(note)}\n`);
    print(terminal, text.trimEnd());
    return exitCodes.success;
  },
});
