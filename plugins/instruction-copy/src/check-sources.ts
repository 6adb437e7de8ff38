import { InstructionError } from '@strake/api';

const REMOTE = /^(https?|git|ssh):\/\/|^git@/;

/** Refuses sources that COPY can never take. */
export function checkSources(sources: readonly string[]): void {
  const remote = sources.find((source) => REMOTE.test(source));
  if (remote === undefined) return;
  const kind = /^https?:/.test(remote) ? 'URL' : 'git ref';
  throw new InstructionError(`source can't be a ${kind} for COPY`, { at: remote });
}
