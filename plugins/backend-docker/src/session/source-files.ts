import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError, type ApplyOptions, type Digest, type ResolvedSource, type SessionOptions, type SourceOp, type SourceOptions, type SourceProvider } from '@strake/api';
import { digestOf } from '@strake/oci';

/** Trees from outside, in directories of this machine: each is asked for once in a build, and brought when something copies from it. */
export class SourceFiles {
  private readonly parts: { readonly options: SessionOptions; readonly scratch: string; readonly cache: string };
  private readonly resolved = new Map<string, Promise<ResolvedSource>>();
  private readonly brought = new Map<Digest, Promise<string>>();

  /** `cache` is where providers keep what they want to have again. */
  constructor(parts: SourceFiles['parts']) {
    this.parts = parts;
  }

  /** What a source is now. Throws what its provider throws, UNSUPPORTED where there is none. */
  async identity(op: SourceOp, options?: ApplyOptions): Promise<Digest> {
    const { identity } = await this.resolve(op, options);
    return digestOf(`${op.scheme}\n${identity}`);
  }

  /** The directory with its tree. */
  async bring(op: SourceOp, options?: ApplyOptions): Promise<string> {
    const key = await this.identity(op, options);
    const { pinned } = await this.resolve(op, options);
    const bringing = this.brought.get(key) ?? this.fetch(pinned, options);
    this.brought.set(key, bringing);
    return bringing;
  }

  private resolve(op: SourceOp, options: ApplyOptions | undefined): Promise<ResolvedSource> {
    const name = JSON.stringify([op.scheme, op.reference, Object.entries(op.attributes ?? {}).sort()]);
    const known = this.resolved.get(name) ?? this.with(op, options, (provider, work) => provider.resolve(op, work));
    this.resolved.set(name, known);
    return known;
  }

  private async fetch(pinned: SourceOp, options: ApplyOptions | undefined): Promise<string> {
    const directory = mkdtempSync(join(this.parts.scratch, 'source-'));
    await this.with(pinned, options, (provider, work) => provider.fetch(pinned, directory, work));
    return directory;
  }

  private async with<T>(op: SourceOp, options: ApplyOptions | undefined, work: (provider: SourceProvider, options: SourceOptions) => Promise<T>): Promise<T> {
    const { options: { sources, secrets, ssh, signal, readonly = false }, scratch, cache } = this.parts;
    const provider = sources?.get(op.scheme);
    if (provider === undefined) throw new OperatorError('UNSUPPORTED', `there is no provider for sources of the scheme "${op.scheme}"`);
    const cacheDirectory = join(cache, op.scheme);
    if (!readonly) mkdirSync(cacheDirectory, { recursive: true, mode: 0o700 });
    return work(provider, {
      cacheDirectory, scratch: mkdtempSync(join(scratch, 'provider-')), readonly,
      signal: options === undefined ? signal : AbortSignal.any([signal, options.signal]),
      progress: (label, current, total) => options?.progress(label, current, total),
      ...(secrets === undefined ? {} : { secrets }), ...(ssh === undefined ? {} : { ssh }),
    });
  }
}
