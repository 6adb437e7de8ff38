import { defineCommand } from '../argv/command';
import { exitCodes } from '../exit-codes';
import { age } from '../output/age';
import { familiarName, repositoryAndTag } from '../output/familiar-name';
import { table } from '../output/table';
import { byteSize } from '../progress/byte-size';
import { print } from '../terminal';
import { withBuilder } from './with-builder';

/** `strake images` */
export const images = defineCommand({
  name: 'images',
  aliases: ['ls'],
  usage: '[OPTIONS]',
  summary: 'List images',
  flags: {
    all: { type: 'boolean', short: 'a', summary: 'Show the images of instructions too, which others were made on' },
    format: { type: 'string', placeholder: 'string', summary: 'Format of the output: table, json (an object a line)', default: '"table"', choices: ['table', 'json'] },
    'no-trunc': { type: 'boolean', summary: "Don't truncate output" },
    quiet: { type: 'boolean', short: 'q', summary: 'Only show image IDs' },
  },
  arguments: { min: 0, max: 0 },
  async run(invocation) {
    const { flags, terminal } = invocation;
    const listed = (await withBuilder(invocation, (builder) => builder.images().list())).filter(({ intermediate }) => flags.all || intermediate !== true);
    const shortId = (id: string): string => (flags['no-trunc'] ? id : id.slice('sha256:'.length, 'sha256:'.length + 12));
    if (flags.quiet) {
      for (const { id } of listed) print(terminal, shortId(id));
    } else if (flags.format === 'json') {
      for (const { id, names, created, size } of listed) print(terminal, JSON.stringify({ id, names: names.map(familiarName), created, size }));
    } else {
      const named = listed.flatMap((image) => (image.names.length === 0 ? [undefined] : image.names).map((name) => ({ ...image, name })));
      const rows = named.map(({ id, name, created, size }) => [...repositoryAndTag(name), shortId(id), age(created, Date.now()), byteSize(size)]);
      print(terminal, table(['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE'], rows));
    }
    return exitCodes.success;
  },
});
