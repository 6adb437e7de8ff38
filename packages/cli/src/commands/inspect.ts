import { defineCommand } from '../argv/command';
import { exitCodes } from '../exit-codes';
import type { ImageDetails } from '../library';
import { dockerInspect } from '../output/docker-inspect';
import { print } from '../terminal';
import { withBuilder } from './with-builder';

/** `strake inspect` */
export const inspect = defineCommand({
  name: 'inspect',
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  summary: 'Display detailed information on one or more images',
  flags: {
    format: { type: 'string', short: 'f', placeholder: 'string', summary: 'Format of the output: json', default: '"json"', choices: ['json'] },
  },
  arguments: { min: 1, max: Infinity, complete: 'image' },
  async run(invocation) {
    const found = await withBuilder(invocation, async (builder) => {
      const details: ImageDetails[] = [];
      for (const reference of invocation.args) details.push(await builder.images().get(reference));
      return details;
    });
    print(invocation.terminal, JSON.stringify(found.map(dockerInspect), null, 4));
    return exitCodes.success;
  },
});
