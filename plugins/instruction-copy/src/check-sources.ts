import { InstructionError, parseGitReference } from '@strake/api';

/** Refuses sources that COPY can never take. */
export function checkSources(sources: readonly string[]): void {
  for (const source of sources) {
    const parsed = parseGitReference(source);
    const isGit = parsed !== undefined && ('problem' in parsed || !parsed.reference.looksLocal);
    if (isGit || /^https?:\/\//.test(source)) throw new InstructionError(`source can't be a ${isGit ? 'git ref' : 'URL'} for COPY`, { at: source, hint: 'ADD takes it' });
  }
}
