import { InstructionError, parseGitReference, type Origin, type SourcesAndDestination } from '@strake/api';
import { gitOrigin } from './git-origin';
import { httpOrigin } from './http-origin';

/** What ADD can be told about sources from outside. */
export interface RemoteFlags {
  readonly checksum?: string;
  readonly 'keep-git-dir'?: boolean;
}

/** What one source is: a path in the build context, a file by http, or a repository's tree. */
export type Source =
  | { readonly kind: 'path' }
  | { readonly kind: 'http'; readonly from: Origin; readonly name: string }
  | { readonly kind: 'git'; readonly from: Origin };

/** Tells what a source is, as BuildKit's frontend does. Throws an `InstructionError`. */
export function sourceOf(source: string, flags: RemoteFlags): Source {
  const parsed = parseGitReference(source);
  if (parsed !== undefined && 'problem' in parsed) throw new InstructionError(`invalid git reference: ${parsed.problem}`, { at: source });
  if (parsed !== undefined && !parsed.reference.looksLocal) return { kind: 'git', from: gitOrigin(parsed.reference, flags) };
  return /^https?:\/\//.test(source) ? { kind: 'http', ...httpOrigin(source, flags) } : { kind: 'path' };
}

/** Refuses flags that nothing in the sources can honour. Throws an `InstructionError`. */
export function checkRemoteFlags({ sources }: SourcesAndDestination, { checksum }: RemoteFlags): void {
  if (checksum === undefined || checksum === '') return;
  if (sources.length !== 1) throw new InstructionError("checksum can't be specified for multiple sources", { at: 'checksum' });
  if (sourceOf(sources[0] ?? '', {}).kind === 'path') throw new InstructionError('checksum requires HTTP(S) or Git sources', { at: 'checksum' });
}
