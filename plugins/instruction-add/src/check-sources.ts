import { InstructionError } from '@strake/api';

const REMOTE = /^(https?|git|ssh):\/\/|^git@/;

/** Refuses sources that are not local. */
export function checkSources(sources: readonly string[]): void {
  const remote = sources.find((source) => REMOTE.test(source));
  if (remote !== undefined) throw new InstructionError('ADD of URLs and git repositories is not supported yet', { at: remote });
}
