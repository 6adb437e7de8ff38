import { COPYING_FLAGS, copyingHistory, copyingLink, copyingWarnings, defineInstruction } from '@strake/api';
import { addingOps } from './adding-ops';
import { checkRemoteFlags, sourceOf } from './check-sources';

/** ADD: copies files from the build context, URLs and git repositories into the stage, and unpacks local archives. */
export const add = defineInstruction({
  keyword: 'ADD',
  summary: 'copies files, URLs and repositories, or unpacks local archives, into the stage',
  flags: {
    ...COPYING_FLAGS,
    checksum: { type: 'string', summary: 'what a download or a commit has to be', expand: 'word' },
    'keep-git-dir': { type: 'boolean', summary: 'whether a repository keeps its .git; false by default' },
    unpack: { type: 'boolean', summary: 'whether archives are unpacked; by default those of the build context are, downloads are not' },
  },
  args: { kind: 'sources', expand: 'word', heredoc: true },
  check: ({ args }) => {
    // Variables may still hide what a source is.
    for (const source of args.sources) if (!source.includes('$')) sourceOf(source, {});
  },
  lower: ({ args, flags, heredocs }, { workdir }) => {
    checkRemoteFlags(args, flags);
    return {
      ops: addingOps({ args, heredocs, flags, workdir }),
      ...(copyingLink(flags) ? { link: true } : {}),
      history: copyingHistory('ADD', args, heredocs, flags),
      ...copyingWarnings(args, heredocs),
    };
  },
});
