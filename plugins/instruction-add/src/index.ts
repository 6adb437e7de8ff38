import { defineInstruction } from '@strake/api';
import { addOp } from './add-op';
import { checkMode } from './check-mode';
import { checkSources } from './check-sources';
import { heredocFiles } from './heredoc-files';
import { historyOf } from './history';
import { resolveDestination } from './paths';

/** ADD: copies files from the build context and unpacks local archives into the stage. */
export const add = defineInstruction({
  keyword: 'ADD',
  summary: 'copies files, or unpacks local archives, into the stage',
  flags: {
    chown: { type: 'string', summary: 'owner of what is copied', expand: 'word' },
    chmod: { type: 'string', summary: 'octal mode of what is copied', expand: 'word', check: checkMode },
  },
  refusedFlags: { link: 'independent layers', exclude: 'excluded files', checksum: 'checked downloads', 'keep-git-dir': 'git sources', unpack: 'chosen unpacking' },
  args: { kind: 'sources', expand: 'word', heredoc: true },
  check: ({ args, heredocs }) => checkSources('ADD', args, heredocs),
  lower: ({ args, flags, heredocs }, stage) => {
    checkSources('ADD', args, heredocs);
    const destination = resolveDestination(stage.workdir, args.destination);
    const from = { kind: 'context' as const };
    return {
      ops: [...addOp(args.sources, destination, from, flags), ...heredocFiles(heredocs, destination, flags)],
      history: historyOf(args, heredocs, flags),
    };
  },
});
