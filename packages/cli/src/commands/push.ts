import { defineCommand } from '../argv/command';
import { UsageError } from '../argv/usage-error';
import { exitCodes } from '../exit-codes';
import { repositoryAndTag } from '../output/familiar-name';
import { transferView } from '../progress/transfer-view';
import { print } from '../terminal';
import { platformFlags, registryFlags, trustFlags } from './registry-flags';
import { withBuilder } from './with-builder';

/** `strake push` */
export const push = defineCommand({
  name: 'push',
  usage: '[OPTIONS] NAME[:TAG]',
  summary: 'Upload an image to a registry',
  flags: {
    ...registryFlags,
    ...platformFlags,
    ...trustFlags,
    'all-tags': { type: 'boolean', short: 'a', summary: 'Push all tags of an image to the repository' },
    format: { type: 'string', placeholder: 'string', summary: 'Format of the result: text, json', default: '"text"', choices: ['text', 'json'] },
    quiet: { type: 'boolean', short: 'q', summary: 'Suppress verbose output' },
  },
  arguments: { min: 1, max: 1, complete: 'image' },
  async run(invocation) {
    const { flags, args: [reference = ''], terminal, signal } = invocation;
    await withBuilder(invocation, async (builder) => {
      const names = flags['all-tags'] ? await builder.registries().namesOf(reference) : [reference];
      if (names.length === 0) throw new UsageError('strake push', `the store has no image of the repository ${reference}`);
      for (const name of names) {
        if (!flags.quiet) terminal.stderr.write(`The push refers to repository [${repositoryAndTag(name)[0]}]\n`);
        const view = transferView('push', terminal, flags.quiet);
        const options = { signal, insecure: flags['insecure-registry'], onProgress: view.show.bind(view), ...(flags.platform === undefined ? {} : { platform: flags.platform }) };
        const { digest, size, mediaType } = await builder.registries().push(name, options).finally(() => view.end());
        const tag = repositoryAndTag(name)[1];
        if (flags.format === 'json') print(terminal, JSON.stringify({ name, digest, size, mediaType }));
        else print(terminal, flags.quiet ? name : `${tag === '<none>' ? 'latest' : tag}: digest: ${digest} size: ${size}`);
      }
    });
    return exitCodes.success;
  },
});
