import { defineCommand } from '../argv/command';
import { exitCodes } from '../exit-codes';
import { withBuilder } from './with-builder';

/** `strake tag` */
export const tag = defineCommand({
  name: 'tag',
  usage: 'SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]',
  summary: 'Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE',
  flags: {},
  arguments: { min: 2, max: 2, complete: 'image' },
  async run(invocation) {
    const [source = '', target = ''] = invocation.args;
    await withBuilder(invocation, (builder) => builder.images().tag(source, target));
    return exitCodes.success;
  },
});
