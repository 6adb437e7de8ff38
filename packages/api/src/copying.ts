import { applyMode, isMode, octalMode } from './chmod';
import type { Heredoc } from './define-instruction';
import { InstructionError } from './define-instruction';
import type { FlagSpec } from './flags';
import type { SourcesAndDestination } from './grammar';
import type { Lowered, LoweredOp, Origin } from './lowered';
import type { CopyOp } from './op';
import { cleanSource, resolveDestination } from './paths';

/** What is said about all that a copying instruction writes, as `COPYING_FLAGS` types it. */
export interface CopyFlags {
  readonly chown?: string;
  readonly chmod?: string;
  readonly link?: boolean;
  readonly parents?: boolean;
  readonly exclude?: readonly string[];
}

/** The flags that every copying instruction has. */
export const COPYING_FLAGS = {
  chown: { type: 'string', summary: 'owner of what is copied', expand: 'word' },
  chmod: { type: 'string', summary: 'mode of what is copied, octal or symbolic', expand: 'word', check: checkMode },
  link: { type: 'boolean', summary: 'a layer that does not depend on those below it' },
  exclude: { type: 'strings', summary: 'what is left out of a directory', check: checkPattern },
} as const satisfies Readonly<Record<string, FlagSpec>>;

/** What is wrong with a mode, or nothing: octal digits up to 7777 and clauses as of chmod(1) are right, and so is none at all. */
export function checkMode(value: string): string | undefined {
  if (value === '' || isMode(value)) return undefined;
  if (/^\d/.test(value)) return `invalid chmod parameter: '${value}'. it should be octal string and between 0 and 07777`;
  return `invalid chmod parameter: '${value}'. it should be octal, or clauses like u=rwX,go=rX`;
}

/** A lone `!` would take nothing out of nothing; whether the rest is a pattern is told where it is matched. */
function checkPattern(value: string): string | undefined {
  return value.trim() === '!' ? 'illegal exclusion pattern: "!"' : undefined;
}

/**
 * What to say of several sources and a destination that may be a file: BuildKit, and so this, writes each over the one before. No
 * more can be known here: a destination without a slash may be a directory of the stage.
 */
export function copyingWarnings({ sources, destination }: SourcesAndDestination, heredocs: readonly Heredoc[]): Pick<Lowered, 'warnings'> {
  if (sources.length + heredocs.length < 2 || /(^|\/)\.{0,2}$/.test(destination)) return {};
  const message = `several sources are copied to ${destination}: unless it is a directory already, each takes the place of the one before`;
  return { warnings: [{ code: 'SeveralSourcesToFile', message, hint: `write the destination as ${destination}/` }] };
}

/** What a copying instruction copies and writes. */
export interface Copying {
  readonly from: Origin;
  readonly args: SourcesAndDestination;
  readonly heredocs: readonly Heredoc[];
  readonly flags: CopyFlags;
  readonly workdir: string;
  readonly unpack?: boolean;
}

/** One copy of all sources that are files, and one file for each here-document, named by its word. */
export function copyingOps({ from, args, heredocs, flags, workdir, unpack }: Copying): readonly LoweredOp[] {
  const destination = resolveDestination(workdir, args.destination);
  const sources = flags.parents === true ? args.sources : args.sources.map(cleanSource);
  const copy: LoweredOp = { type: 'copy', from, sources, destination, ...copyOptions(flags), ...(unpack === undefined ? {} : { unpack }) };
  const files = heredocs.map((heredoc) => writeHeredoc(heredoc, destination, flags));
  return sources.length === 0 ? files : [copy, ...files];
}

/**
 * Whether the flags ask for a layer of its own. As in BuildKit `--chmod` does not go with it. Throws an `InstructionError`
 * for an owner's name: there is no file of users in a layer that stands on nothing.
 */
export function copyingLink({ link, chmod, chown = '' }: CopyFlags): boolean {
  if (link !== true || isGiven(chmod)) return false;
  const name = chown.split(':').find((part) => part !== '' && part !== 'root' && !/^[-+]?\d+$/.test(part));
  if (name === undefined) return true;
  throw new InstructionError(`invalid user index: "${name}" cannot be looked up for a layer that does not depend on those below it`, {
    at: 'chown',
    hint: 'give the number, or leave --link out',
  });
}

/** `COPY --chown=1:1 a <<b /to/`: flags, files, here-documents and destination, expanded but not cleaned. `--link` and `--exclude` are not told, as in BuildKit. */
export function copyingHistory(keyword: string, { sources, destination }: SourcesAndDestination, heredocs: readonly Heredoc[], flags: CopyFlags): string {
  const options = (['chown', 'chmod'] as const).flatMap((name) => (isGiven(flags[name]) ? [`--${name}=${flags[name]}`] : []));
  const parents = flags.parents === true ? ['--parents'] : [];
  return [keyword, ...parents, ...options, ...sources, ...heredocs.map(({ name }) => `<<${name}`), destination].join(' ');
}

/** An empty value is as good as no flag. */
const isGiven = (value: string | undefined): value is string => value !== undefined && value !== '';

function copyOptions({ chown, chmod, exclude = [], parents }: CopyFlags): Pick<CopyOp, 'chown' | 'chmod' | 'exclude' | 'parents'> {
  const patterns = exclude.filter((pattern) => pattern.trim() !== '');
  return {
    ...(isGiven(chown) ? { chown } : {}),
    ...(isGiven(chmod) ? { chmod } : {}),
    ...(patterns.length > 0 ? { exclude: patterns } : {}),
    ...(parents === true ? { parents } : {}),
  };
}

/** Directories that are missing get an octal mode too, but for what others would write; clauses have nothing there to change. */
function writeHeredoc({ name, content }: Heredoc, destination: string, { chown, chmod }: CopyFlags): LoweredOp {
  const parentMode = isGiven(chmod) ? octalMode(chmod) : undefined;
  return {
    type: 'mkfile',
    ...(destination.endsWith('/') ? { path: `${destination}${name}` } : { path: destination, name }),
    content,
    mode: isGiven(chmod) ? applyMode(chmod, 0o644, false) : 0o644,
    ...(parentMode === undefined ? {} : { parentMode: parentMode & 0o755 }),
    ...(isGiven(chown) ? { owner: chown } : {}),
  };
}
