import type { SourceOp } from './op';

/** A repository and what of it is wanted, as BuildKit's frontend reads it (`dfgitutil`). */
export interface GitReference {
  /** For git: without query and fragment. */
  readonly remote: string;
  readonly scheme: 'http' | 'https' | 'ssh' | 'git';
  /** A branch, a tag, a full name of either, or a commit. */
  readonly ref?: string;
  /** Relative, cleaned. */
  readonly subdir?: string;
  /** A commit, or the beginning of one. */
  readonly checksum?: string;
  readonly keepGitDir?: boolean;
  readonly submodules?: boolean;
  readonly mtime?: 'checkout' | 'commit';
  /** The checksum is fetched, whatever the ref is by now. */
  readonly fetchByCommit?: boolean;
  /** `github.com/owner/name`: a repository only where a build context is meant, a path elsewhere. */
  readonly looksLocal: boolean;
}

/** What a text turned out to be: a repository, or one that is written wrongly. */
export type ParsedGitReference = { readonly reference: GitReference } | { readonly problem: string };

const URL_FORM = /^([a-zA-Z0-9]+):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/;
const SCP_FORM = /^([a-zA-Z0-9_-]+@[a-zA-Z0-9.-]+:.*?)(?:\?(.*?))?(?:#(.*))?$/;
const LOCAL_FORM = /^(github\.com\/[^?#]*)(?:\?([^#]*))?(?:#(.*))?$/;
/** What the one whose scheme has no such suffix rule is told from a download by. */
const REPOSITORY = /\.git$/;

/** Reads a git URL, `user@host:path` or `github.com/…`; undefined for everything else. Never throws. */
export function parseGitReference(text: string): ParsedGitReference | undefined {
  const local = LOCAL_FORM.exec(text);
  if (local) return complete({ remote: `https://${local[1] ?? ''}`, scheme: 'https', looksLocal: true }, local[2], local[3]);
  const url = URL_FORM.exec(text);
  if (url) return parseUrl(url);
  const scp = SCP_FORM.exec(text);
  return scp ? complete({ remote: scp[1] ?? '', scheme: 'ssh', looksLocal: false }, scp[2], scp[3]) : undefined;
}

function parseUrl([, written = '', authority = '', path = '', query, fragment]: RegExpExecArray): ParsedGitReference | undefined {
  const scheme = written.toLowerCase();
  if (scheme !== 'http' && scheme !== 'https' && scheme !== 'ssh' && scheme !== 'git') return undefined;
  const decoded = decode(path);
  if ((scheme === 'http' || scheme === 'https') && (decoded === undefined || !REPOSITORY.test(decoded))) return undefined;
  return complete({ remote: `${scheme}://${authority}${path}`, scheme, looksLocal: false }, query, fragment);
}

function complete(reference: GitReference, query: string | undefined, fragment: string | undefined): ParsedGitReference {
  const words = decode(fragment ?? '');
  if (words === undefined || /[\0-\x1f\x7f]/.test(reference.remote + words)) return { problem: 'it is no valid URL' };
  // git would take these for options of its own or of ssh
  if (/^-|@-|:\/\/-/.test(reference.remote)) return { problem: 'its host begins with a dash' };
  const [ref = '', ...subdir] = words.split(':');
  const read = readQuery(new Map([['ref', ref], ['subdir', clean(subdir.join(':'))]].filter(([, value]) => value !== '') as [string, string][]), query ?? '');
  return 'problem' in read ? read : { reference: { ...reference, ...read.wanted } };
}

type Wanted = Omit<GitReference, 'remote' | 'scheme' | 'looksLocal'>;
type Read = { readonly wanted: Wanted } | { readonly problem: string };

const KNOWN = new Set(['ref', 'tag', 'branch', 'subdir', 'checksum', 'commit', 'keep-git-dir', 'submodules', 'mtime', 'fetch-by-commit']);
const SWITCHES = new Set(['keep-git-dir', 'submodules', 'fetch-by-commit']);

function readQuery(fragment: ReadonlyMap<string, string>, query: string): Read {
  const values = new Map<string, string>();
  const parameters = new URLSearchParams(query);
  for (const name of new Set(parameters.keys())) {
    const problem = problemOf(name, parameters.getAll(name));
    if (problem !== undefined) return { problem };
    values.set(name, parameters.get(name) ?? '');
  }
  return assemble(fragment, values);
}

function problemOf(name: string, [value = '', ...more]: readonly string[]): string | undefined {
  if (more.length > 0) return `query "${name}" has multiple values`;
  if (value === '' && !SWITCHES.has(name)) return `query "${name}" has no value`;
  if (!KNOWN.has(name)) return `unexpected query "${name}"`;
  if (SWITCHES.has(name) && value !== '' && booleanOf(value) === undefined) return `invalid ${name} value: "${value}"`;
  if (name === 'mtime' && value !== 'checkout' && value !== 'commit') return `invalid mtime value: "${value}" (must be "checkout" or "commit")`;
  return undefined;
}

function assemble(fragment: ReadonlyMap<string, string>, query: ReadonlyMap<string, string>): Read {
  const [tag, branch] = [query.get('tag'), query.get('branch')];
  if (tag !== undefined && branch !== undefined) return { problem: 'branch conflicts with tag' };
  const refs = [fragment.get('ref'), query.get('ref'), prefixed('refs/tags/', tag), prefixed('refs/heads/', branch)].filter((one) => one !== undefined);
  const subdirs = [fragment.get('subdir'), query.get('subdir')].filter((one) => one !== undefined);
  for (const [name, [first, ...more]] of [['ref', refs], ['subdir', subdirs]] as const) {
    const other = more.find((one) => one !== first);
    if (other !== undefined) return { problem: `${name} conflicts: "${first ?? ''}" vs "${other}"` };
  }
  const [subdir] = subdirs.map(clean).filter((path) => path !== '');
  const checksum = query.get('commit') ?? query.get('checksum');
  return { wanted: { ...given('ref', refs[0]), ...given('subdir', subdir), ...given('checksum', checksum), ...given('mtime', query.get('mtime') as Wanted['mtime']), ...switches(query) } };
}

function switches(query: ReadonlyMap<string, string>): Pick<Wanted, 'keepGitDir' | 'submodules' | 'fetchByCommit'> {
  const value = (name: string): boolean | undefined => (query.has(name) ? query.get(name) === '' || booleanOf(query.get(name) ?? '') : undefined);
  return { ...given('keepGitDir', value('keep-git-dir')), ...given('submodules', value('submodules')), ...given('fetchByCommit', value('fetch-by-commit')) };
}

const given = <N extends string, T>(name: N, value: T | undefined): { readonly [K in N]?: T } => (value === undefined ? {} : ({ [name]: value } as { readonly [K in N]: T }));

const prefixed = (prefix: string, name: string | undefined): string | undefined => (name === undefined || name.startsWith(prefix) ? name : prefix + name);

/** As Go's `strconv.ParseBool`. */
function booleanOf(text: string): boolean | undefined {
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
  return /^(0|f|F|FALSE|false|False)$/.test(text) ? false : undefined;
}

/** Nothing leads out of the repository. */
function clean(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return kept.join('/');
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The op that brings a repository's tree. */
export function gitSource({ remote, ref, subdir, checksum, keepGitDir, submodules, mtime, fetchByCommit }: GitReference): Pick<SourceOp, 'scheme' | 'reference' | 'attributes'> {
  return {
    scheme: 'git',
    reference: remote,
    attributes: {
      ...given('ref', ref), ...given('subdir', subdir), ...given('checksum', checksum), ...(keepGitDir === true ? { 'keep-git-dir': 'true' } : {}),
      ...(submodules === false ? { submodules: 'false' } : {}), ...(mtime === 'commit' ? { mtime } : {}), ...(fetchByCommit === true ? { 'fetch-by-commit': 'true' } : {}),
    },
  };
}
