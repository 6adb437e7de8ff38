import { gitSource, InstructionError, type GitReference, type Origin } from '@strake/api';
import type { RemoteFlags } from './check-sources';

/** A repository as ADD's flags want it. The flags and the reference must not say different things. Throws an `InstructionError`. */
export function gitOrigin(reference: GitReference, { checksum, 'keep-git-dir': keep }: RemoteFlags): Origin {
  if (keep !== undefined && reference.keepGitDir !== undefined && keep !== reference.keepGitDir) {
    throw new InstructionError('inconsistent keep-git-dir configuration', { at: 'keep-git-dir' });
  }
  const wanted = checksum === '' ? undefined : checksum;
  if (wanted !== undefined && reference.checksum !== undefined && wanted !== reference.checksum) {
    throw new InstructionError(`checksum mismatch "${wanted}" != "${reference.checksum}"`, { at: 'checksum' });
  }
  const whole = { ...reference, ...(wanted === undefined ? {} : { checksum: wanted }), ...(keep === undefined ? {} : { keepGitDir: keep }) };
  return { kind: 'source', ...gitSource(whole) };
}
