import { DockerfileError, gitSource as sourceOf, OperatorError, parseGitReference, type SourceOp, type SourceProvider } from '@strake/api';
import { commitDate } from './commit-date';
import { fetchTree } from './fetch-tree';
import { resolveCommit } from './resolve-commit';
import { wantedOf } from './wanted';

/** What the provider is made with. */
export interface GitSourceOptions {
  /** Where git is found, proxies, the user's own SSH agent. */
  readonly env: NodeJS.ProcessEnv;
}

/** Brings trees out of git repositories by the program git, as BuildKit does. */
export function gitSource({ env }: GitSourceOptions): SourceProvider {
  return {
    scheme: 'git',
    recognise: (reference) => {
      const parsed = parseGitReference(reference);
      if (parsed === undefined) return undefined;
      if ('problem' in parsed) throw new OperatorError('USAGE', `invalid git reference "${reference}": ${parsed.problem}`);
      return sourceOf(parsed.reference);
    },
    check,
    resolve: (op, work) => resolveCommit(wantedOf(op), op, { env, work }),
    fetch: (pinned, directory, work) => fetchTree(wantedOf(pinned), directory, { env, work }),
    date: (pinned, work) => commitDate(wantedOf(pinned), { env, work }),
  };
}

/** What can never work, or would be an option of git. Throws INVALID_ARGUMENTS, INVALID_FLAG. */
function check(op: SourceOp): void {
  const { remote, ref, checksum, fetchByCommit } = wantedOf(op);
  const parsed = parseGitReference(remote);
  const problem = parsed !== undefined && 'problem' in parsed ? parsed.problem : undefined;
  if (problem !== undefined) throw new DockerfileError('INVALID_ARGUMENTS', `invalid git reference "${remote}": ${problem}`, { at: remote });
  if (ref !== undefined && !isRef(ref)) throw new DockerfileError('INVALID_ARGUMENTS', `invalid git ref "${ref}"`, { at: ref });
  if (checksum !== undefined && !/^[0-9a-fA-F]+$/.test(checksum)) {
    throw new DockerfileError('INVALID_FLAG', `invalid checksum ${checksum} for Git URL, expected hex commit hash`, { at: 'checksum' });
  }
  if (fetchByCommit && !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(checksum ?? ref ?? '')) {
    throw new DockerfileError('INVALID_ARGUMENTS', 'fetch-by-commit requires a full commit SHA checksum', { at: remote });
  }
}

/** As git-check-ref-format(1), with what a pattern of ls-remote would be. */
const isRef = (ref: string): boolean => !/^-|^\/|\/$|\/\/|\.\.|@\{|[\0-\x20\x7f~^:?*[\\]|\.lock$|\.$/.test(ref);
