import { extendInstruction, InstructionError } from '@strake/api';
import { gitLabels, type KnownRepository } from './git-labels';

/** LABEL --from-git: labels that say what the build context was made from, by the fact `git`. */
export const labelFromGit = extendInstruction('extension-label-from-git', {
  keyword: 'LABEL',
  flags: { 'from-git': { type: 'boolean', summary: 'adds revision, branch and address of the git repository as labels', alone: true } },
  lower: (lowered, { flags }, { facts }) => {
    if (flags['from-git'] !== true) return lowered;
    const labels = gitLabels(repositoryOf(facts['git']));
    const text = [(lowered.history ?? '').trimEnd(), ...Object.entries(labels).map(([name, value]) => `${name}=${value}`)].join(' ');
    return { ...lowered, config: { ...lowered.config, labels: { ...labels, ...lowered.config?.labels } }, history: text };
  },
});

function repositoryOf(fact: unknown): KnownRepository {
  const { problem, ...known } = (fact ?? { problem: 'nothing was asked of a git repository: a trigger of a base image cannot have --from-git' }) as Partial<KnownRepository> & { readonly problem?: string };
  if (problem === undefined && known.revision !== undefined) return { ...known, revision: known.revision, dirty: known.dirty === true };
  throw new InstructionError(problem ?? 'nothing is known of a git repository', { at: '--from-git', hint: 'build from a checkout or a repository, or leave --from-git out' });
}
