import { DockerfileError, printableUrl, suggest, type ResolvedSource, type SourceOp } from '@strake/api';
import { digestOf } from '@strake/oci';
import { withoutCredentials } from './authorization';
import { gitEnvironment, type GitParts } from './git-environment';
import { remoteError } from './git-errors';
import { runGit } from './run-git';
import { isFullHash, type Wanted } from './wanted';

/** What a ref is now. */
interface Found {
  /** The full name, or the commit itself. */
  readonly ref: string;
  /** A commit, or an annotated tag. */
  readonly hash: string;
  /** The commit of an annotated tag. */
  readonly peeled?: string;
}

/** Asks a repository what a ref is: one question, nothing is fetched. Throws SOURCE_MISSING, SOURCE_DENIED, SOURCE_UNREACHABLE, DIGEST_MISMATCH. */
export async function resolveCommit(wanted: Wanted, op: SourceOp, parts: GitParts): Promise<ResolvedSource> {
  const found = known(wanted) ?? (await ask(wanted, parts));
  checkChecksum(wanted, found);
  return { identity: identityOf(wanted, found), pinned: { ...op, attributes: { ...op.attributes, ref: found.ref, commit: found.hash } } };
}

/** What needs no question. A commit that the checksum names is fetched whatever the branch is by now. */
function known({ ref, checksum, fetchByCommit }: Wanted): Found | undefined {
  if (ref !== undefined && isFullHash(ref)) return { ref, hash: ref };
  if (!fetchByCommit || checksum === undefined) return undefined;
  return { ref: ref === undefined ? checksum : ref.startsWith('refs/') ? ref : `refs/heads/${ref}`, hash: checksum };
}

async function ask(wanted: Wanted, parts: GitParts): Promise<Found> {
  const remote = withoutCredentials(wanted.remote);
  const run = { env: await gitEnvironment(wanted, parts), signal: parts.work.signal, cwd: parts.work.scratch, remote: true };
  const list = async (...args: readonly string[]): Promise<string> => {
    try {
      return await runGit(['ls-remote', ...args], run);
    } catch (error) {
      throw remoteError(error, wanted.remote);
    }
  };
  const ref = wanted.ref ?? defaultBranch(await list('--symref', '--', remote, 'HEAD'), wanted.remote);
  const found = pick(refsOf(await list('--', remote, ref, `${ref}^{}`)), ref);
  return found ?? pickShort(refsOf(await list('--', remote)), ref, wanted.remote);
}

function defaultBranch(text: string, remote: string): string {
  const [, branch] = /^ref: (refs\/heads\/\S+)\tHEAD$/m.exec(text) ?? [];
  const [, detached] = /^([0-9a-f]{40,64})\tHEAD$/m.exec(text) ?? [];
  if (branch !== undefined) return branch;
  if (detached !== undefined) return 'HEAD';
  throw new DockerfileError('SOURCE_MISSING', `${printableUrl(remote)} has no default branch`, { at: remote, hint: 'name a branch or a commit after #' });
}

function refsOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').map((line) => line.split('\t'));
  return new Map(lines.flatMap(([hash = '', name = '']) => (isFullHash(hash) && name !== '' ? [[name, hash] as const] : [])));
}

/** A full name, then a branch, then a tag: as git checkout and BuildKit have it. */
function pick(refs: ReadonlyMap<string, string>, ref: string): Found | undefined {
  const without = (prefix: string): string => (ref.startsWith(prefix) ? ref.slice(prefix.length) : ref);
  const tag = `refs/tags/${without('refs/tags/')}`;
  for (const name of [`refs/${without('refs/')}`, `refs/heads/${without('refs/heads/')}`, tag, ...(ref === 'HEAD' ? ['HEAD'] : [])]) {
    const hash = refs.get(name);
    const peeled = refs.get(`${name}^{}`);
    if (hash !== undefined) return { ref: name === 'HEAD' ? hash : name, hash, ...(peeled === undefined ? {} : { peeled }) };
  }
  return undefined;
}

/** The beginning of a commit that some ref is at. */
function pickShort(refs: ReadonlyMap<string, string>, ref: string, remote: string): Found {
  const hashes = /^[0-9a-f]{4,63}$/.test(ref) ? [...new Set([...refs].filter(([, hash]) => hash.startsWith(ref)).map(([, hash]) => hash))] : [];
  const [hash, ...more] = hashes;
  if (hash !== undefined && more.length === 0) return { ref: hash, hash };
  const shown = printableUrl(remote);
  if (hash !== undefined) throw new DockerfileError('SOURCE_MISSING', `${shown} has several commits that begin with ${ref}`, { at: ref, hint: 'write more of it', notes: hashes.slice(0, 5) });
  const names = [...refs.keys()].map((name) => name.replace(/^refs\/(heads|tags)\/|\^\{\}$/g, ''));
  const near = suggest(ref, [...new Set(names)]);
  const hint = near === undefined ? (/^[0-9a-f]{4,}$/.test(ref) ? 'write the commit in full' : undefined) : `did you mean "${near}"?`;
  throw new DockerfileError('SOURCE_MISSING', `${shown} does not contain ref ${ref}`, { at: ref, ...(hint === undefined ? {} : { hint }) });
}

function checkChecksum({ checksum }: Wanted, { hash, peeled }: Found): void {
  if (checksum === undefined || hash.startsWith(checksum) || peeled?.startsWith(checksum) === true) return;
  const got = peeled === undefined ? hash : `${hash} or ${peeled}`;
  throw new DockerfileError('DIGEST_MISMATCH', `expected checksum to match ${checksum}, got ${got}`, { at: 'checksum', hint: 'if the new commit is meant, write its name' });
}

/** Without `.git` a tree is the same wherever it comes from and whatever its commit is called. */
function identityOf({ remote, keepGitDir, subdir, submodules, commitTime }: Wanted, { ref, hash, peeled }: Found): ResolvedSource['identity'] {
  const origin = keepGitDir ? { hash, ref, remote: withoutCredentials(remote) } : { hash: peeled ?? hash };
  return digestOf(JSON.stringify({ ...origin, subdir, submodules, commitTime }));
}
