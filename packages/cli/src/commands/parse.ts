import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { defineCommand } from '../argv/command';
import { UsageError } from '../argv/usage-error';
import { exitCodes } from '../exit-codes';
import { parseText } from '../output/parse-text';
import { print } from '../terminal';
import { withBuilder } from './with-builder';

/** `strake parse` */
export const parse = defineCommand({
  name: 'parse',
  usage: '[OPTIONS] FILE | -',
  summary: 'Print the instructions of a Dockerfile',
  flags: {
    format: { type: 'string', placeholder: 'string', summary: 'Format of the output: json, text', default: '"json"', choices: ['json', 'text'] },
  },
  arguments: { min: 1, max: 1, complete: 'file' },
  async run(invocation) {
    const { flags, args, terminal } = invocation;
    const [file = '-'] = args;
    const source = file === '-' ? await text(terminal.stdin) : readSource(resolve(terminal.cwd, file), file);
    const described = await withBuilder(invocation, async (builder) => builder.parse(source, file === '-' ? '<stdin>' : file));
    print(terminal, flags.format === 'text' ? parseText(described) : JSON.stringify(described, null, 2));
    return exitCodes.success;
  },
});

function readSource(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError('strake parse', `cannot read ${file}: ${(error as Error).message}`);
  }
}
