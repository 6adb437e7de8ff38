import { InstructionError } from '@strake/api';
import type { Heredoc, SourcesAndDestination } from '@strake/api';

const REMOTE = /^(https?|git|ssh):\/\/|^git@/;

/** Refuses sources that are not local, and several sources without a directory to go to. */
export function checkSources(keyword: string, args: SourcesAndDestination, heredocs: readonly Heredoc[]): void {
  const remote = args.sources.find((source) => REMOTE.test(source));
  if (remote !== undefined) throw new InstructionError(`${keyword} of URLs and git repositories is not supported yet`, { at: remote });
  if (args.sources.length + heredocs.length < 2 || /(^|\/)\.{0,2}$/.test(args.destination)) return;
  throw new InstructionError(
    `When using ${keyword} with more than one source file, the destination must be a directory and end with a /`,
    { at: args.destination, hint: `write the destination as ${args.destination}/` },
  );
}
