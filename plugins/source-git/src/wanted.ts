import type { SourceOp } from '@strake/api';

/** What of a repository is wanted. */
export interface Wanted {
  readonly remote: string;
  readonly ref?: string;
  /** Relative, cleaned. */
  readonly subdir?: string;
  readonly checksum?: string;
  /** With a directory inside the repository there is no `.git`: as in BuildKit. */
  readonly keepGitDir: boolean;
  readonly submodules: boolean;
  /** Whether all files get the commit's time. */
  readonly commitTime: boolean;
  readonly fetchByCommit: boolean;
  /** Of a pinned op: the commit, or the annotated tag, in full. */
  readonly commit?: string;
}

/** Reads an op's attributes. */
export function wantedOf({ reference, attributes = {} }: SourceOp): Wanted {
  const { ref, subdir, checksum, commit } = attributes;
  return {
    remote: reference,
    ...(ref === undefined ? {} : { ref }), ...(subdir === undefined ? {} : { subdir }), ...(checksum === undefined ? {} : { checksum }), ...(commit === undefined ? {} : { commit }),
    keepGitDir: attributes['keep-git-dir'] === 'true' && subdir === undefined,
    submodules: attributes['submodules'] !== 'false',
    commitTime: attributes['mtime'] === 'commit',
    fetchByCommit: attributes['fetch-by-commit'] === 'true',
  };
}

/** Whether a text is a commit's or a tag's full name: SHA-1 or SHA-256. */
export const isFullHash = (text: string): boolean => /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
