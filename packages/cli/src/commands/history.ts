import { defineCommand } from '../argv/command';
import { exitCodes } from '../exit-codes';
import { age } from '../output/age';
import { historyRows } from '../output/history-rows';
import { table } from '../output/table';
import { byteSize } from '../progress/byte-size';
import { fit } from '../progress/fit';
import { printable } from '../progress/printable';
import { print } from '../terminal';
import { withBuilder } from './with-builder';

/** `strake history` */
export const history = defineCommand({
  name: 'history',
  usage: '[OPTIONS] IMAGE',
  summary: 'Show the history of an image',
  flags: {
    format: { type: 'string', placeholder: 'string', summary: 'Format of the output: table, json (an object a line)', default: '"table"', choices: ['table', 'json'] },
    'no-trunc': { type: 'boolean', summary: "Don't truncate output" },
  },
  arguments: { min: 1, max: 1, complete: 'image' },
  async run(invocation) {
    const { flags, args, terminal } = invocation;
    const rows = historyRows(await withBuilder(invocation, (builder) => builder.images().get(args[0] ?? '')));
    if (flags.format === 'json') {
      for (const row of rows) print(terminal, JSON.stringify(row));
      return exitCodes.success;
    }
    const cell = (text: string): string => (flags['no-trunc'] ? printable(text) : fit(printable(text), 45));
    const cells = rows.map((row) => [age(row.created, Date.now()), cell(row.createdBy), byteSize(row.size), row.comment]);
    print(terminal, table(['CREATED', 'CREATED BY', 'SIZE', 'COMMENT'], cells));
    return exitCodes.success;
  },
});
