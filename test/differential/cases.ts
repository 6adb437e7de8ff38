import { createHash } from 'node:crypto';
import { cpSync, existsSync, lstatSync, lutimesSync, mkdirSync, readdirSync, readFileSync, chmodSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../engines/run';

/** The facts of `case.json`; all may be absent. */
export interface CaseOptions {
  readonly about?: string;
  readonly target?: string;
  readonly platform?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Secrets by id. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Whether the build has an agent with a key. */
  readonly ssh?: boolean;
  /** Entitlements. */
  readonly allow?: readonly string[];
  /** Names in `intended.ts`. */
  readonly intended?: readonly string[];
  /** The builders, besides strake, that cannot do this: they are left out when builders are compared. */
  readonly notIn?: readonly string[];
  /** Of a negative case: the line the author must look at, where no real builder names one. */
  readonly line?: number;
}

/** A folder under `cases/` or `refused/`: a Dockerfile, maybe a `context/`, a `prepare.sh` that completes it, a `case.json`. */
export interface DifferentialCase {
  readonly name: string;
  readonly folder: string;
  readonly options: CaseOptions;
}

/** All cases of a group, by name. `cases` must build; `refused` must not. */
export function listCases(group: 'cases' | 'refused'): readonly DifferentialCase[] {
  const parent = join(__dirname, group);
  return readdirSync(parent).sort().map((name) => {
    const folder = join(parent, name);
    const file = join(folder, 'case.json');
    return { name, folder, options: existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CaseOptions) : {} };
  });
}

/** Where a prepared case lies. */
export interface PreparedCase {
  readonly context: string;
  readonly dockerfile: string;
}

/** 2001-02-03 04:05:06 UTC, in seconds: the time of every file in a context. */
export const contextTime = 981_173_106;

/**
 * Puts the case into an empty folder. What git does not keep is set here: modes (755, 644 unless executable) and times.
 * `prepare.sh` then runs inside the context for what git cannot hold: archives, fifos, odd modes.
 */
export async function prepareCase(definition: DifferentialCase, folder: string): Promise<PreparedCase> {
  // A name of its own: BuildKit takes files of equal size and time from an earlier context that was called the same.
  const context = join(folder, `${definition.name}-context`);
  mkdirSync(context, { recursive: true });
  const source = join(definition.folder, 'context');
  if (existsSync(source)) cpSync(source, context, { recursive: true, verbatimSymlinks: true });
  const dockerfile = join(context, 'Dockerfile');
  cpSync(join(definition.folder, 'Dockerfile'), dockerfile);
  eachBelow(context, (path, stats) => {
    if (!stats.isSymbolicLink()) chmodSync(path, stats.isDirectory() || (stats.mode & 0o100) !== 0 ? 0o755 : 0o644);
  });
  const script = join(definition.folder, 'prepare.sh');
  if (existsSync(script)) await mustRun(['bash', '-euc', `umask 022; . "${script}"`], { cwd: context });
  eachBelow(context, (path) => lutimesSync(path, contextTime, contextTime));
  return { context, dockerfile };
}

function eachBelow(path: string, visit: (path: string, stats: Stats) => void): void {
  const stats = lstatSync(path);
  if (stats.isDirectory()) for (const name of readdirSync(path)) eachBelow(join(path, name), visit);
  visit(path, stats);
}

/** A name for the content of a case: same content, same result of the same builder. */
export function caseDigest(definition: DifferentialCase): string {
  const hash = createHash('sha256');
  eachBelow(definition.folder, (path, stats) => {
    hash.update(`${path.slice(definition.folder.length)}\0${stats.mode}\0`);
    if (stats.isFile()) hash.update(readFileSync(path));
  });
  return hash.digest('hex');
}
