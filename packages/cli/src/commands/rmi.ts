import { defineCommand } from '../argv/command';
import { exitCodes } from '../exit-codes';
import { familiarName } from '../output/familiar-name';
import { print } from '../terminal';
import { withBuilder } from './with-builder';

/** `strake rmi` */
export const rmi = defineCommand({
  name: 'rmi',
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  summary: 'Remove one or more images',
  flags: { force: { type: 'boolean', short: 'f', summary: 'Remove an image by its ID with all its names' } },
  arguments: { min: 1, max: Infinity, complete: 'image' },
  async run(invocation) {
    const { flags, args, terminal } = invocation;
    await withBuilder(invocation, async (builder) => {
      for (const reference of args) {
        const { untagged, deleted } = await builder.images().remove(reference, { force: flags.force });
        for (const name of untagged) print(terminal, `Untagged: ${familiarName(name)}`);
        for (const id of deleted) print(terminal, `Deleted: ${id}`);
      }
    });
    return exitCodes.success;
  },
});
