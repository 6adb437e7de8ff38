import { defineCommand } from '../argv/command';
import { UsageError } from '../argv/usage-error';
import { exitCodes } from '../exit-codes';
import type { PulledImage } from '../library';
import { familiarName, repositoryAndTag } from '../output/familiar-name';
import { transferView } from '../progress/transfer-view';
import { print, type Terminal } from '../terminal';
import { platformFlags, registryFlags, trustFlags } from './registry-flags';
import { withBuilder } from './with-builder';

/** `strake pull` */
export const pull = defineCommand({
  name: 'pull',
  usage: '[OPTIONS] NAME[:TAG|@DIGEST]',
  summary: 'Download an image from a registry',
  flags: {
    ...registryFlags,
    ...platformFlags,
    ...trustFlags,
    'all-platforms': { type: 'boolean', summary: 'Download the images of all platforms' },
    'all-tags': { type: 'boolean', short: 'a', summary: 'Download all tagged images in the repository' },
    quiet: { type: 'boolean', short: 'q', summary: 'Suppress verbose output' },
  },
  arguments: { min: 1, max: 1, complete: 'image' },
  async run(invocation) {
    const { flags, args: [reference = ''], terminal, signal } = invocation;
    if (flags.platform !== undefined && flags['all-platforms']) throw new UsageError('strake pull', '--platform and --all-platforms cannot be used together');
    await withBuilder(invocation, async (builder) => {
      const view = transferView('pull', terminal, flags.quiet);
      const options = {
        signal, insecure: flags['insecure-registry'], allPlatforms: flags['all-platforms'], onProgress: view.show.bind(view),
        ...(flags.platform === undefined ? {} : { platform: flags.platform }),
      };
      const report = (image: PulledImage): void => {
        view.end();
        tell(image, flags.quiet, terminal);
      };
      try {
        if (!flags.quiet) terminal.stderr.write(`${startText(reference, flags['all-tags'])}\n`);
        if (flags['all-tags']) await builder.registries().pullAllTags(reference, { ...options, onTag: report });
        else report(await builder.registries().pull(reference, options));
      } finally {
        view.end();
      }
    });
    return exitCodes.success;
  },
});

function startText(reference: string, allTags: boolean): string {
  if (allTags) return `Pulling all tags of ${reference}`;
  if (reference.includes('@')) return `${reference.slice(reference.indexOf('@') + 1)}: Pulling from ${reference.slice(0, reference.indexOf('@'))}`;
  const [repository, tag] = repositoryAndTag(reference);
  return `${tag === '<none>' ? `Using default tag: latest\nlatest` : tag}: Pulling from ${repository}`;
}

function tell({ name, manifest, upToDate }: PulledImage, quiet: boolean, terminal: Terminal): void {
  if (!quiet) {
    print(terminal, `Digest: ${manifest.digest}`);
    print(terminal, `Status: ${upToDate ? 'Image is up to date for' : 'Downloaded newer image for'} ${familiarName(name)}`);
  }
  print(terminal, name);
}
