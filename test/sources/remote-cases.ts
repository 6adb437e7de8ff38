import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { archiveOf, TOKEN, type RemoteServers } from './remote-servers';

/** A build that brings something in: a Dockerfile on the test's base image, or a whole context from elsewhere. */
export interface RemoteCase {
  readonly name: string;
  /** Lines below `FROM example.test/base:1`. */
  readonly lines?: (servers: RemoteServers) => readonly string[];
  /** A build context from elsewhere, with its own Dockerfile. */
  readonly context?: (servers: RemoteServers) => string;
  readonly buildContexts?: (servers: RemoteServers) => Readonly<Record<string, string>>;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Values by id. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Whether the build has an agent with the key. */
  readonly ssh?: boolean;
  /** Names in `intended.ts`. */
  readonly intended?: readonly string[];
}

const DATED = { 'last-modified': 'Sat, 01 Jan 2011 00:00:00 GMT' };
const FORMS = { plain: [], gzip: ['-z'], bzip2: ['-j'], xz: ['-J'], zstd: ['--zstd'] } as const;
const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** Puts on the server what the cases ask for. */
export function fillFileServer({ files }: RemoteServers, folder: string): void {
  const tree = join(folder, 'archived');
  mkdirSync(join(tree, 'dir'), { recursive: true });
  for (const [path, text] of Object.entries({ a: 'a', 'dir/b': 'b', Dockerfile: 'FROM scratch\nCOPY . /all/\n', 'left-out': 'x', '.dockerignore': 'left-out\n' })) writeFileSync(join(tree, path), text);
  symlinkSync('dir/b', join(tree, 'link'));
  for (const [name, options] of Object.entries(FORMS)) files.answers.set(`/${name}`, { body: archiveOf(tree, ...options), headers: DATED });
  for (const path of ['/file', '/a%20b?x=1', '/folder/', '/folder/x/', '/', '/.hidden', '/star*', '/q[a]', '/b%5Cc', '/percent%25', '/uni%C3%A9']) files.answers.set(path, { body: `of ${path}`, headers: DATED });
  const dates = { none: undefined, epoch: 'Thu, 01 Jan 1970 00:00:10 GMT', rfc850: 'Sunday, 06-Nov-94 08:49:37 GMT', asctime: 'Sun Nov  6 08:49:37 1994', iso: '2005-01-01T00:00:00Z', zone: 'Sat, 01 Jan 2011 00:00:00 +0100' };
  for (const [name, date] of Object.entries(dates)) files.answers.set(`/time-${name}`, { body: name, ...(date === undefined ? {} : { headers: { 'last-modified': date } }) });
  files.answers.set('/moved', { status: 302, headers: { location: '/file' } });
  files.answers.set('/disposed', { body: 'd', headers: { ...DATED, 'content-disposition': 'attachment; filename="other"' } });
  files.answers.set('/compressed', { body: gzipSync('text'), headers: { ...DATED, 'content-encoding': 'gzip' } });
  files.answers.set('/Dockerfile', { body: 'FROM scratch\nWORKDIR /made\n', headers: DATED });
  files.answers.set('/token', (request, response) => void (request.headers.authorization === `Bearer ${TOKEN}` ? response.writeHead(200, DATED).end('t') : response.writeHead(401).end()));
}

/** What both builders must make the same of. */
export const remoteCases: readonly RemoteCase[] = [
  {
    name: 'ADD of URLs: names',
    lines: ({ files: { url } }) => [
      ...['/file', '/a%20b?x=1', '/folder/', '/folder/x/', '/', '/.hidden', '/star*', '/q[a]', '/b%5Cc', '/percent%25', '/uni%C3%A9', '/moved', '/disposed', '/compressed'].map((path) => `ADD ${url(path)} /to/`),
      `WORKDIR /work`, `ADD ${url('/file')} ${url('/star*')} sub/`, `ARG NAME=file`, `ADD ${url('/$NAME')} .`, `ADD ["${url('/file')}", "/with space/"]`, `ADD ${url('/file')} /new/file`,
    ],
  },
  {
    name: 'ADD of URLs: modes, owners, times, checksums, where they go',
    lines: ({ files: { url } }) => [
      `ADD --chmod=644 ${url('/file')} /644`, `ADD --chmod=u=rwx,g=r ${url('/file')} /symbolic`, `ADD --chmod=4755 ${url('/file')} /made/dir/`, `ADD --chown=app:app ${url('/file')} /app`,
      `ADD --chown=5:6 --link ${url('/file')} /linked/`, `ADD --exclude=file ${url('/file')} /excluded/`, `ADD --keep-git-dir ${url('/file')} /kept/`,
      `ADD ${['none', 'epoch', 'rfc850', 'asctime', 'iso', 'zone'].map((name) => url(`/time-${name}`)).join(' ')} /times/`,
      `ADD --checksum=${sha256('of /file')} ${url('/file')} /checked`, `ARG SUM=${sha256('text')}`, `ADD --checksum=$SUM ${url('/compressed')} /decompressed`,
      'RUN mkdir -p /d; ln -s /d /l', `ADD ${url('/file')} /d`, `ADD ${url('/file')} /l/other`, 'USER app', `ADD ${url('/file')} /of-user`,
    ],
  },
  {
    name: 'ADD of archives at URLs',
    lines: ({ files: { url } }) => [
      `ADD ${url('/gzip')} /kept/`, `ADD --unpack=false ${url('/gzip')} /kept-too/`, ...Object.keys(FORMS).map((form) => `ADD --unpack ${url(`/${form}`)} /unpacked-${form}/`),
      `ADD --unpack ${url('/file')} /no-archive/`, `ADD --unpack --chown=app --chmod=700 ${url('/gzip')} /owned/`, `ADD --unpack ${url('/gzip')} ${url('/file')} /both/`,
    ],
  },
  { name: 'ADD of a URL with a token', lines: ({ files: { url } }) => [`ADD ${url('/token')} /`], secrets: { 'HTTP_AUTH_TOKEN_127.0.0.1': TOKEN } },
  {
    name: 'ADD of repositories: refs',
    lines: ({ git, daemon, repositories: { commits } }) => [
      ...['#side', '#v1', '#refs/tags/v1', `#${commits.first}`, '?branch=side', '?tag=v1', '?ref=side&subdir=docs'].map((suffix, index) => `ADD ${git}/app.git${suffix} /ref${index}/`),
      ...[`${commits.first.slice(0, 9)} ${git}/app.git#light`, `${commits.tag} ${git}/app.git#v1`].map((words, index) => `ADD --checksum=${words} /checked${index}`),
      `ADD ${git}/app.git?checksum=${commits.side}&ref=side /by-query/`, `ADD ${daemon}/app.git#side:docs /daemon/`, `ADD --unpack ${git}/app.git#side ${git}/module.git local /several/`,
    ],
  },
  {
    name: 'ADD of repositories: directories, submodules, modes, owners',
    lines: ({ git }) => [
      `ADD ${git}/whole.git /main/`, `ADD ${git}/whole.git#:docs /docs`, `ADD ${git}/whole.git#:mod /mod/`, `ADD ${git}/whole.git?submodules=0 /without/`,
      `ADD --chmod=700 --chown=app:app ${git}/whole.git#:docs /modes/`, `ADD --exclude=**/b.txt ${git}/whole.git#:docs /excluded/`, `ADD --link ${git}/whole.git#:docs /linked/`,
      `ADD --keep-git-dir ${git}/whole.git#:docs /no-git/`,
    ],
    intended: ['submodule-pointers-removed'],
  },
  { name: 'ADD of repositories: odd files', lines: ({ git }) => [`ADD ${git}/app.git#odd /odd/`] },
  { name: 'ADD of a repository with a token', lines: ({ guarded }) => [`ADD ${guarded}/app.git#secret /`], secrets: { GIT_AUTH_TOKEN: TOKEN } },
  { name: 'ADD of a repository by ssh', lines: ({ ssh }) => [`ADD ${ssh}/app.git#v1 /`], ssh: true },
  { name: 'a repository as context', context: ({ git }) => `${git}/app.git#v1` },
  { name: 'a directory of a repository as context', context: ({ git }) => `${git}/app.git?branch=nested&subdir=sub`, intended: ['ignore-files-of-all-contexts'] },
  { name: 'an archive at a URL as context', context: ({ files }) => files.url('/xz'), intended: ['ignore-files-of-all-contexts'] },
  { name: 'a Dockerfile at a URL as context', context: ({ files }) => files.url('/Dockerfile') },
  { name: 'repositories as named contexts', lines: () => ['COPY --from=whole . /whole/', 'COPY --from=part / /part/'], buildContexts: ({ git }) => ({ whole: `${git}/app.git#v1`, part: `${git}/app.git#v1:docs` }) },
];

/** What both builders must refuse. */
export const refusedRemoteCases: readonly RemoteCase[] = [
  { name: 'a file with another checksum', lines: ({ files: { url } }) => [`ADD --checksum=${sha256('other')} ${url('/file')} /`] },
  { name: 'a file that is not there', lines: ({ files: { url } }) => [`ADD ${url('/none')} /`] },
  { name: 'a file that needs a token', lines: ({ files: { url } }) => [`ADD ${url('/token')} /`] },
  { name: 'a commit with another checksum', lines: ({ git }) => [`ADD --checksum=abcdef0 ${git}/app.git#side /`] },
  { name: 'a ref that is not there', lines: ({ git }) => [`ADD ${git}/app.git#none /`] },
  { name: 'a directory that is not there', lines: ({ git }) => [`ADD ${git}/app.git#v1:doc /`] },
  { name: 'a directory behind a link', lines: ({ git }) => [`ADD ${git}/whole.git#:docs/link /`] },
  { name: 'a repository that is not there', lines: ({ git }) => [`ADD ${git}/none.git /`] },
  { name: 'a repository that needs a token', lines: ({ guarded }) => [`ADD ${guarded}/app.git#light /`], secrets: { 'GIT_AUTH_TOKEN.example.org': TOKEN } },
  { name: 'a tree onto a file', lines: ({ git }) => [`ADD ${git}/app.git#v1 /etc/passwd`] },
  { name: 'a context without Dockerfile', context: ({ git }) => `${git}/module.git` },
];

/** Commits what some cases need besides `makeRepositories`: `odd` (names, attributes), `nested` (a context in a directory) and `secret`, which is read with the token only. */
export function addOddBranches({ repositories: { git, commit } }: RemoteServers): void {
  git('checkout', '--quiet', '--orphan', 'odd');
  git('rm', '-rfq', '.');
  commit({ '.gitattributes': 'crlf.txt text eol=crlf\nident.txt ident\nutf16.txt working-tree-encoding=UTF-16LE\n', 'crlf.txt': 'a\nb\n', 'ident.txt': '$Id$\n', 'utf16.txt': 'x\0\n\0', 'name é\n.txt': 'n', '-dash': 'd', '.hidden/x': 'h' });
  git('checkout', '--quiet', '-b', 'nested');
  commit({ 'sub/Dockerfile': 'FROM scratch\nCOPY . /all/\n', 'sub/kept': 'k', 'sub/left-out': 'x', 'sub/.dockerignore': 'left-out\n' });
  git('checkout', '--quiet', '-b', 'secret');
  commit({ secret: 's' });
  git('checkout', '--quiet', 'main');
}
