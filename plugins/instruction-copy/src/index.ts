import { defineInstruction } from '@strake/api';
import { copyOp } from './copy-op';
import { checkMode } from './check-mode';
import { checkSources } from './check-sources';
import { heredocFiles } from './heredoc-files';
import { historyOf } from './history';
import { resolveDestination } from './paths';

/** COPY: copies files from the build context, a stage or an image into the stage. */
export const copy = defineInstruction({
  keyword: 'COPY',
  summary: 'copies files into the stage',
  flags: {
    from: { type: 'string', summary: 'a stage, a named context or an image' },
    chown: { type: 'string', summary: 'owner of what is copied', expand: 'word' },
    chmod: { type: 'string', summary: 'octal mode of what is copied', expand: 'word', check: checkMode },
  },
  refusedFlags: { link: 'independent layers', parents: 'kept parent directories', exclude: 'excluded files' },
  args: { kind: 'sources', expand: 'word', heredoc: true },
  check: ({ args, heredocs }) => checkSources('COPY', args, heredocs),
  lower: ({ args, flags, heredocs }, stage) => {
    checkSources('COPY', args, heredocs);
    const destination = resolveDestination(stage.workdir, args.destination);
    const from = flags.from === undefined ? { kind: 'context' as const } : { kind: 'named' as const, name: flags.from };
    return {
      ops: [...copyOp(args.sources, destination, from, flags), ...heredocFiles(heredocs, destination, flags)],
      history: historyOf(args, heredocs, flags),
    };
  },
});
