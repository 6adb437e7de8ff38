import { COPYING_FLAGS, copyingHistory, copyingLink, copyingOps, copyingWarnings, defineInstruction } from '@strake/api';
import { checkSources } from './check-sources';

/** COPY: copies files from the build context, a stage or an image into the stage. */
export const copy = defineInstruction({
  keyword: 'COPY',
  summary: 'copies files into the stage',
  flags: {
    from: { type: 'string', summary: 'a stage, a named context or an image' },
    parents: { type: 'boolean', summary: 'keeps the directories above each source' },
    ...COPYING_FLAGS,
  },
  args: { kind: 'sources', expand: 'word', heredoc: true },
  check: ({ args }) => checkSources(args.sources),
  lower: ({ args, flags, heredocs }, { workdir }) => {
    checkSources(args.sources);
    const from = flags.from === undefined ? { kind: 'context' as const } : { kind: 'named' as const, name: flags.from };
    return {
      ops: copyingOps({ from, args, heredocs, flags, workdir }),
      ...(copyingLink(flags) ? { link: true } : {}),
      history: copyingHistory('COPY', args, heredocs, flags),
      ...copyingWarnings(args, heredocs),
    };
  },
});
