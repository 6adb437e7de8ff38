import { OperatorError, type BuildContext, type FactSources } from '@strake/api';
import { checkContext, createContext, readDockerfileIn, readIgnoreFileIn, type FoundDockerfile } from '@strake/context';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BuildOptions } from '../build/build-options';
import { openContext } from '../prepare/open-context';
import { readDockerfile, type DockerfileText } from '../prepare/read-dockerfile';
import { bringSource, recogniseSource, type Brought, type BringSourceParts, type RemoteContext } from './bring-source';
import { fillContext } from './fill-context';
import { givenIgnore } from './given-ignore';
import { makeWorkArea } from './work-area';

/** The Dockerfile and the main context of a build. */
export interface BuildInput {
  readonly dockerfile: DockerfileText;
  /** The files, seen through their ignore file. */
  context(): BuildContext;
  /** When the context was made, in seconds since 1970, where it was asked for and is known: a commit's date. */
  readonly date?: number;
  /** What it was brought from; absent for a directory of this machine. */
  readonly brought?: NonNullable<FactSources['brought']>;
  /** Removes what was brought in for this build. */
  release(): void;
}

/** What an input is opened with. */
export interface InputParts extends BringSourceParts {
  readonly cwd: string;
}

/** Bytes of an archive's content when nobody says otherwise. */
export const MOST_BYTES = 64 * 1024 ** 3;

/** Finds or brings in what a build reads. Throws CONTEXT_MISSING, CONTEXT_INVALID, DOCKERFILE_MISSING, USAGE and what reading throws. */
export async function openInput(options: BuildOptions, parts: InputParts): Promise<BuildInput> {
  const { context = '.' } = options;
  const limit = options.contextLimit ?? MOST_BYTES;
  if (typeof context !== 'string') {
    const { signal, cwd } = parts;
    const dockerfile = typeof options.dockerfile === 'string' ? options.dockerfile : undefined;
    return broughtInput(options, parts, (directory) => fillContext(context, directory, { limit, signal, ignore: givenIgnore(options, cwd), dockerfile, shown: 'the build context' }));
  }
  // As in docker a directory goes before a repository of the same name.
  const remote = existsSync(resolve(parts.cwd, context)) ? undefined : recogniseSource(context, parts);
  if (remote === undefined) return directoryInput(options, context, parts);
  const wanted = keepingGit(remote, options);
  return broughtInput(options, parts, (_, area) => bringSource(wanted, area, limit, { ...parts, dated: options.buildArgs?.['SOURCE_DATE_EPOCH'] === 'context' }));
}

/** BuildKit's build argument for contexts that are repositories. */
function keepingGit({ provider, op }: RemoteContext, { buildArgs }: BuildOptions): RemoteContext {
  const asked = /^(1|t|true)$/i.test(buildArgs?.['BUILDKIT_CONTEXT_KEEP_GIT_DIR'] ?? '');
  if (op.scheme !== 'git' || !asked) return { provider, op };
  return { provider, op: { ...op, attributes: { ...op.attributes, 'keep-git-dir': 'true' } } };
}

/** Opened when it is first asked for, and walked once. */
function once(open: () => BuildContext): () => BuildContext {
  let opened: BuildContext | undefined;
  return () => (opened ??= open());
}

function directoryInput(options: BuildOptions, path: string, { store, cwd, signal }: InputParts): BuildInput {
  const directory = resolve(cwd, path);
  checkContext(directory, path);
  const dockerfile = readDockerfile(options, directory, cwd);
  const open = openContext(directory, { name: path, store, signal, ignore: givenIgnore(options, cwd) });
  return { dockerfile, context: once(() => open(dockerfile.path)), release: () => undefined };
}

type Bring = (directory: string, area: string) => Promise<Brought>;

async function broughtInput(options: BuildOptions, { store, cwd, signal }: InputParts, fill: Bring): Promise<BuildInput> {
  const given = givenIgnore(options, cwd);
  const area = makeWorkArea(store);
  try {
    // The area's own lock is no file of the context.
    const directory = join(area.directory, 'context');
    mkdirSync(directory, { mode: 0o755 });
    const { text, date, source = { scheme: 'files', reference: '', attributes: {} } } = await fill(directory, area.directory);
    const dockerfile = dockerfileOf(options, directory, text);
    const ignore = given ?? readIgnoreFileIn(directory, dockerfile.path);
    const context = once(() => createContext(directory, { name: 'context', ignore, signal }));
    return { dockerfile, context, brought: source, ...(date === undefined ? {} : { date }), release: () => area.release() };
  } catch (error) {
    area.release();
    throw error;
  }
}

function dockerfileOf({ dockerfile }: BuildOptions, directory: string, text: string | undefined): DockerfileText {
  if (typeof dockerfile === 'object') return dockerfile;
  if (text === undefined) return fromContext(readDockerfileIn(directory, dockerfile));
  if (dockerfile === undefined) return { text, name: 'Dockerfile' };
  throw new OperatorError('USAGE', `the build context is itself a Dockerfile, and "${dockerfile}" is named as one`, { hint: 'give an archive, or leave out --file' });
}

/** Its own ignore file is looked for beside it. */
const fromContext = ({ name, text }: FoundDockerfile): DockerfileText => ({ name, text, path: name });
