import type { Plugin } from '@strake/api';
import { labelFromGit } from '@strake/extension-label-from-git';
import { gitFact } from '@strake/fact-git';

/** LABEL --from-git, and who finds out what it tells. */
export const labelFromGitRepository: readonly Plugin[] = [gitFact({ keyword: 'LABEL', flag: 'from-git' }), labelFromGit];
