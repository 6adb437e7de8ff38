import { COPYING_FLAGS, copyingHistory, copyingLink, copyingOps, copyingWarnings, defineInstruction } from '@strake/api';
import { checkSources } from './check-sources';

/** ADD: copies files from the build context and unpacks local archives into the stage. */
export const add = defineInstruction({
  keyword: 'ADD',
  summary: 'copies files, or unpacks local archives, into the stage',
  flags: { ...COPYING_FLAGS, unpack: { type: 'boolean', summary: 'whether local archives are unpacked; true by default' } },
  refusedFlags: { checksum: 'checked downloads', 'keep-git-dir': 'git sources' },
  args: { kind: 'sources', expand: 'word', heredoc: true },
  check: ({ args }) => checkSources(args.sources),
  lower: ({ args, flags, heredocs }, { workdir }) => {
    checkSources(args.sources);
    return {
      ops: copyingOps({ from: { kind: 'context' }, args, heredocs, flags, workdir, ...(flags.unpack === false ? {} : { unpack: true }) }),
      ...(copyingLink(flags) ? { link: true } : {}),
      history: copyingHistory('ADD', args, heredocs, flags),
      ...copyingWarnings(args, heredocs),
    };
  },
});
