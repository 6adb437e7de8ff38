import type { CacheMiss, Diagnostic, Digest, ImageConfigFile, KeyChange, SourceRange } from '@strake/api';

/** One vertex of a dry run. */
export interface PlanStep {
  /** `[build 2/5] RUN make` */
  readonly name: string;
  readonly stage: string;
  readonly digest: Digest;
  readonly range?: SourceRange;
  readonly cached: boolean;
  /** The place outside the store that it was found in, for people. */
  readonly from?: string;
  /** Why it is not cached. */
  readonly reason?: string;
  /** What the reason sums up, where an earlier build of the step is known. */
  readonly changes?: readonly KeyChange[];
  /** What it was compared with: milliseconds since 1970, and the build's id. */
  readonly against?: CacheMiss['against'];
  /** The step that changed first, where this one runs only because of that. */
  readonly because?: Digest;
  /** It depends on what an earlier step makes whether it runs. */
  readonly uncertain?: true;
  /** What the step would do, a line each. */
  readonly actions: readonly string[];
  /** What copies take; sizes in bytes. */
  readonly files: readonly { readonly path: string; readonly type: string; readonly size: number }[];
}

/** What a build would do. Plain data: `--format json` prints it as it is. */
export interface Plan {
  /** Several with commas. */
  readonly platform: string;
  readonly steps: readonly PlanStep[];
  /** Of the first platform. */
  readonly config: ImageConfigFile;
  /** One for each platform. */
  readonly images: readonly { readonly platform: string; readonly config: ImageConfigFile }[];
  readonly warnings: readonly Diagnostic[];
}
