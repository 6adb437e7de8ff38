import { resolve } from 'node:path';
import { defineCommand } from '../argv/command';
import { UsageError } from '../argv/usage-error';
import { exitCodes } from '../exit-codes';
import { familiarName } from '../output/familiar-name';
import { print } from '../terminal';
import { withBuilder } from './with-builder';

/** `strake load` */
export const load = defineCommand({
  name: 'load',
  usage: '[OPTIONS]',
  summary: 'Load an image from an archive, an OCI layout folder or STDIN',
  flags: {
    input: { type: 'string', short: 'i', placeholder: 'string', summary: 'Read from this file or folder, instead of STDIN', complete: 'file' },
    // As with docker, whose progress it suppresses: what was loaded is told all the same, and there is nothing else.
    quiet: { type: 'boolean', short: 'q', summary: 'Suppress progress' },
    name: { type: 'string', placeholder: 'string', summary: 'Make an image of this name from a plain root file system (tar)' },
  },
  arguments: { min: 0, max: 0 },
  async run(invocation) {
    const { flags, terminal, signal } = invocation;
    const fromInput = flags.input === undefined || flags.input === '-';
    if (fromInput && (terminal.stdin as { isTTY?: boolean }).isTTY === true) {
      throw new UsageError('strake load', 'standard input is a terminal', 'give the archive with --input FILE');
    }
    const input = fromInput ? terminal.stdin : resolve(terminal.cwd, flags.input ?? '');
    const options = { signal, ...(flags.name === undefined ? {} : { name: flags.name }) };
    const loaded = await withBuilder(invocation, (builder) => builder.images().load(input, options));
    for (const { id, names } of loaded) {
      if (names.length === 0) print(terminal, `Loaded image ID: ${id}`);
      for (const name of names) print(terminal, `Loaded image: ${familiarName(name)}`);
    }
    return exitCodes.success;
  },
});
