import { defineCommand } from '../argv/command';
import { exitCodes } from '../exit-codes';
import type { Difference } from '../library';
import { print } from '../terminal';
import { withBuilder } from './with-builder';

/** `strake diff` */
export const diff = defineCommand({
  name: 'diff',
  usage: '[OPTIONS] IMAGE|PATH IMAGE|PATH',
  summary: 'Say in what two images differ',
  flags: {
    format: { type: 'string', placeholder: 'string', summary: 'Format of the output: text, json (an array)', default: '"text"', choices: ['text', 'json'] },
  },
  arguments: { min: 2, max: 2, complete: 'image' },
  async run(invocation) {
    const { flags, args: [a = '', b = ''], terminal } = invocation;
    const differences = await withBuilder(invocation, (builder) => builder.diff(a, b));
    if (flags.format === 'json') print(terminal, JSON.stringify(differences, null, 2));
    else if (differences.length > 0) print(terminal, differences.map(lineOf).join('\n'));
    return differences.length === 0 ? exitCodes.success : exitCodes.failure;
  },
});

function lineOf({ platform, where, path, field, a, b }: Difference): string {
  const place = [...(platform === undefined ? [] : [platform]), where, ...(path === undefined ? [] : [`/${path}`])].join(' ');
  return `${place}: ${field}: ${shown(a)} → ${shown(b)}`;
}

const shown = (value: string | undefined): string => (value === undefined ? '(none)' : JSON.stringify(value).slice(1, -1));
