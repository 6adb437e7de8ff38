import type { FactSources, FactValue, Plugin } from '@strake/api';
import { findRepository } from './find-repository';
import { isDirty } from './is-dirty';
import { publicUrl } from './public-url';
import { Unknown } from './unknown';

/** What is known of the repository that a build context is in. */
export type GitFacts = {
  /** The commit, in hexadecimal digits. */
  readonly revision: string;
  /** The branch or tag, without `refs/heads/` and `refs/tags/`; absent on a detached HEAD. */
  readonly ref?: string;
  /** The address of `origin`, without credentials; absent where it has none, or where that is a path of this machine. */
  readonly url?: string;
  /** Whether a file that the repository knows was changed, added to the index or removed. */
  readonly dirty: boolean;
};

/** The facts, or why there are none. */
export type GitFact = GitFacts | { readonly problem: string };

/** The fact `git`, for files that an instruction of `wanted` is in. */
export function gitFact(wanted: { readonly keyword: string; readonly flag: string }): Plugin {
  return {
    name: 'fact-git',
    apply(builder) {
      builder.fact('fact-git', {
        name: 'git',
        wanted: ({ instructions }) => instructions.some(({ keyword, flags }) => keyword === wanted.keyword && flags.some(({ name }) => name === wanted.flag)),
        find: async (sources) => (await find(sources)) satisfies FactValue,
      });
    },
  };
}

async function find({ context, brought, signal }: FactSources): Promise<GitFact> {
  if (brought?.scheme === 'git') return ofRemote(brought);
  try {
    const repository = findRepository(context.directory, brought === undefined);
    const { revision, ref, url } = repository;
    const shown = url === undefined ? undefined : publicUrl(url);
    const dirty = await isDirty(repository, signal);
    return { revision, ...(ref === undefined ? {} : { ref }), ...(shown === undefined ? {} : { url: shown }), dirty };
  } catch (error) {
    if (error instanceof Unknown) return { problem: error.message };
    throw error;
  }
}

/** A repository that the build was given as its context: what was asked of the server is known. */
function ofRemote({ reference, attributes: { commit, ref } }: NonNullable<FactSources['brought']>): GitFact {
  if (commit === undefined) return { problem: 'the commit of the build context is not known' };
  const url = publicUrl(reference);
  const name = ref?.replace(/^refs\/(?:heads|tags)\//, '');
  const named = name === undefined || name === '' || name === 'HEAD' || name === commit ? {} : { ref: name };
  return { revision: commit, ...named, ...(url === undefined ? {} : { url }), dirty: false };
}
