import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { CancelledError, DockerfileError, OperatorError, type BuildContext, type CopyOp, type Selection } from '@strake/api';
import { SourceSums, type SentEntry } from './classic/source-sums';
import { readFacts, type EntryFacts } from './entry-facts';
import { access, FileTree, type TreeEntry } from './file-tree';
import type { Ignore } from './ignore';
import { readIgnoreFile } from './find-ignore-file';
import { planCopy, summarize, take, type TakenFile } from './select-files';
import { readContextFile } from './read-context-file';
import { StatCache } from './stat-cache';

/** How a context is opened. */
export interface ContextOptions {
  /** The path as the user gave it. */
  readonly name: string;
  /** Its `<path>.dockerignore` goes before the context's `.dockerignore`. */
  readonly dockerfilePath?: string;
  /** Takes the place of an ignore file. */
  readonly ignore?: Ignore;
  /** Where the digests of unchanged files are kept between builds; without it every file is read. */
  readonly statCachePath?: string;
  readonly signal?: AbortSignal;
}

/** How a client of Docker sends a context. */
export interface SentOptions {
  /** Modes with the bits of the type: clients before 24. */
  readonly typed?: boolean;
}

/** A context whose files can also be had with the places that they go to. */
export interface LocalContext extends BuildContext {
  readonly ignore: Ignore | undefined;
  /** What a copy takes, in the order of writing. */
  take(op: CopyOp): Promise<readonly TakenFile[]>;
  /** The sums by which Docker's classic builder knows what a copy's sources name. */
  sums(op: Pick<CopyOp, 'sources'>, options?: SentOptions): readonly string[];
  /** All that is seen of it, as a client of Docker sends it. */
  entries(options?: SentOptions): Iterable<SentEntry>;
}

/** How long files are read before other work gets its turn, in milliseconds. */
const TURN = 50;

/**
 * Opens a directory as a build context: the directory is walked at most once and no file is read twice, however many copies there are.
 * Throws CONTEXT_MISSING, and CONTEXT_INVALID for what is no directory or for a malformed ignore file.
 */
export function createContext(directory: string, options: ContextOptions): LocalContext {
  const root = resolve(directory);
  checkContext(root, options.name);
  const ignore = options.ignore ?? readIgnoreFile(root, options.dockerfilePath);
  return new DirectoryContext(root, options, ignore);
}

class DirectoryContext implements LocalContext {
  readonly name: string;
  readonly directory: string;
  readonly ignore: Ignore | undefined;
  private readonly tree: FileTree;
  private readonly cache: StatCache;
  private readonly signal: AbortSignal | undefined;
  private readonly classic = new Map<boolean, SourceSums>();

  constructor(directory: string, options: ContextOptions, ignore: Ignore | undefined) {
    this.name = options.name;
    this.directory = directory;
    this.ignore = ignore;
    this.signal = options.signal;
    this.tree = new FileTree(directory, ignore);
    this.cache = new StatCache(options.statCachePath);
  }

  async select(op: CopyOp): Promise<Selection> {
    return summarize(await this.take(op));
  }

  async take(op: CopyOp): Promise<readonly TakenFile[]> {
    const taken: TakenFile[] = [];
    let turn = performance.now();
    for (const planned of planCopy(this.tree, op)) {
      taken.push(take(planned, this.facts(planned.entry), false));
      if (performance.now() - turn < TURN) continue;
      await setImmediate();
      if (this.signal?.aborted === true) throw new CancelledError();
      turn = performance.now();
    }
    this.cache.save((path) => this.tree.isGone(path));
    return taken;
  }

  sums(op: Pick<CopyOp, 'sources'>, options?: SentOptions): readonly string[] {
    return this.sent(options).of(op);
  }

  entries(options?: SentOptions): Iterable<SentEntry> {
    return this.sent(options).entries();
  }

  private sent({ typed = false }: SentOptions = {}): SourceSums {
    const known = this.classic.get(typed) ?? new SourceSums(this.tree, 'context', typed);
    this.classic.set(typed, known);
    return known;
  }

  async readText(path: string): Promise<string> {
    return readContextFile(this.tree, path);
  }

  private facts(entry: TreeEntry): EntryFacts {
    return (entry.facts ??= this.cache.facts(entry.path, entry.stats, () => readFacts(this.tree, entry, { xattrs: false })));
  }
}

/** Refuses what cannot be a build context. `name` is for messages. Throws CONTEXT_MISSING, CONTEXT_INVALID, PERMISSION. */
export function checkContext(root: string, name: string): void {
  const stats = access(name, () => statSync(root, { throwIfNoEntry: false }));
  if (stats === undefined) throw new OperatorError('CONTEXT_MISSING', `build context "${name}" does not exist`, { hint: 'name an existing directory' });
  if (stats.isDirectory()) return;
  throw new DockerfileError('CONTEXT_INVALID', `build context "${name}" is not a directory`, { hint: 'name the directory that holds the files; a Dockerfile is named with --file' });
}
