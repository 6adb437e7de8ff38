import type { Heredoc } from './define-instruction';
import { InstructionError } from './define-instruction';
import type { FlagSpec } from './flags';
import type { SourcesAndDestination } from './grammar';
import type { LoweredOp, Origin } from './lowered';
import { cleanSource, resolveDestination } from './paths';

/** Owner and mode of what a copying instruction writes, as `COPYING_FLAGS` types them. */
export interface CopyFlags {
  readonly chown?: string;
  readonly chmod?: string;
}

/** The flags that every copying instruction has. */
export const COPYING_FLAGS = {
  chown: { type: 'string', summary: 'owner of what is copied', expand: 'word' },
  chmod: { type: 'string', summary: 'octal mode of what is copied', expand: 'word', check: checkMode },
} as const satisfies Readonly<Record<string, FlagSpec>>;

/** What is wrong with a mode, or nothing: octal digits up to 7777 are right. */
export function checkMode(value: string): string | undefined {
  if (/^[0-7]+$/.test(value) && parseInt(value, 8) <= 0o7777) return undefined;
  return `invalid chmod parameter: '${value}'. it should be octal string and between 0 and 07777`;
}

/** Refuses several sources without a directory to go to. Throws an `InstructionError`. */
export function checkSeveralSources(keyword: string, { sources, destination }: SourcesAndDestination, heredocs: readonly Heredoc[]): void {
  if (sources.length + heredocs.length < 2 || /(^|\/)\.{0,2}$/.test(destination)) return;
  const message = `When using ${keyword} with more than one source file, the destination must be a directory and end with a /`;
  throw new InstructionError(message, { at: destination, hint: `write the destination as ${destination}/` });
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
export function copyingOps({ from, args, heredocs, flags: { chown, chmod }, workdir, unpack }: Copying): readonly LoweredOp[] {
  const destination = resolveDestination(workdir, args.destination);
  const sources = args.sources.map(cleanSource);
  const copy: LoweredOp = {
    type: 'copy', from, sources, destination,
    ...(chown === undefined ? {} : { chown }), ...(chmod === undefined ? {} : { chmod }), ...(unpack === undefined ? {} : { unpack }),
  };
  const files = heredocs.map(({ name, content }): LoweredOp => ({
    type: 'mkfile',
    path: destination.endsWith('/') ? `${destination}${name}` : destination,
    content,
    ...(chmod === undefined ? { mode: 0o644 } : { mode: parseInt(chmod, 8), parentMode: parseInt(chmod, 8) }),
    ...(chown === undefined ? {} : { owner: chown }),
  }));
  return sources.length === 0 ? files : [copy, ...files];
}

/** `COPY --chown=1:1 a <<b /to/`: flags, files, here-documents and destination, expanded but not cleaned. */
export function copyingHistory(keyword: string, { sources, destination }: SourcesAndDestination, heredocs: readonly Heredoc[], flags: CopyFlags): string {
  const options = (['chown', 'chmod'] as const).flatMap((name) => (flags[name] === undefined ? [] : [`--${name}=${flags[name]}`]));
  return [keyword, ...options, ...sources, ...heredocs.map(({ name }) => `<<${name}`), destination].join(' ');
}
