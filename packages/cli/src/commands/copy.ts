import { defineCommand } from '../argv/command';
import { UsageError } from '../argv/usage-error';
import { exitCodes } from '../exit-codes';
import { transferView } from '../progress/transfer-view';
import { print } from '../terminal';
import { platformFlags, registryFlags } from './registry-flags';
import { withBuilder } from './with-builder';

/** `strake copy` */
export const copy = defineCommand({
  name: 'copy',
  aliases: ['cp'],
  usage: '[OPTIONS] SOURCE DESTINATION',
  summary: 'Copy an image between registries, the store and OCI layouts',
  flags: {
    ...registryFlags,
    ...platformFlags,
    all: { type: 'boolean', short: 'a', summary: 'Copy the images of all platforms' },
    format: { type: 'string', placeholder: 'string', summary: 'Format of the result: text, json', default: '"text"', choices: ['text', 'json'] },
    quiet: { type: 'boolean', short: 'q', summary: 'Suppress verbose output' },
  },
  arguments: { min: 2, max: 2 },
  async run(invocation) {
    const { flags, args: [from = '', to = ''], terminal, signal } = invocation;
    if (flags.platform !== undefined && flags.all) throw new UsageError('strake copy', '--platform and --all cannot be used together');
    await withBuilder(invocation, async (builder) => {
      const view = transferView(to.startsWith('store:') || to.startsWith('oci') ? 'pull' : 'push', terminal, flags.quiet);
      const options = {
        signal, insecure: flags['insecure-registry'], allPlatforms: flags.all, onProgress: view.show.bind(view),
        ...(flags.platform === undefined ? {} : { platform: flags.platform }),
      };
      const { digest, size, mediaType } = await builder.registries().copy(from, to, options).finally(() => view.end());
      print(terminal, flags.format === 'json' ? JSON.stringify({ digest, size, mediaType }) : flags.quiet ? digest : `${to}: digest: ${digest} size: ${size}`);
    });
    return exitCodes.success;
  },
});
