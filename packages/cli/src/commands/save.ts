import { resolve } from 'node:path';
import { defineCommand } from '../argv/command';
import { UsageError } from '../argv/usage-error';
import { exitCodes } from '../exit-codes';
import { withBuilder } from './with-builder';

/** `strake save` */
export const save = defineCommand({
  name: 'save',
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  summary: 'Save one or more images to an archive',
  flags: {
    format: { type: 'string', placeholder: 'string', summary: 'Format of the archive: docker, oci', default: '"docker"', choices: ['docker', 'oci'] },
    output: { type: 'string', short: 'o', placeholder: 'string', summary: 'Write to this file, instead of STDOUT', complete: 'file' },
  },
  arguments: { min: 1, max: Infinity, complete: 'image' },
  async run(invocation) {
    const { flags, args, terminal, signal } = invocation;
    if (flags.output === undefined && terminal.stdout.isTTY === true) throw new UsageError('strake save', 'an archive is not written to a terminal', 'name a file with --output, or redirect the output');
    const destination = flags.output === undefined ? terminal.stdout : resolve(terminal.cwd, flags.output);
    const format = flags.format === 'oci' ? 'oci' : 'docker';
    await withBuilder(invocation, (builder) => builder.images().save(args, { format, destination, signal }));
    return exitCodes.success;
  },
});
