import type { Diagnostic, Digest, Dockerfile, ResolvedImage, SourceRange } from '@strake/api';
import type { BaseImages } from './base-images';
import type { GraphBuilder } from './graph-builder';
import type { LowerOptions } from './lower-dockerfile';
import type { StageState } from './stage-state';
import type { Stage } from './stages';

/** A stage whose last instruction is lowered. `image` is the base image that it stands on, however many stages below. */
export interface LoweredStage {
  readonly state: StageState;
  /** The image that its FROM names. */
  readonly started?: ResolvedImage;
  /** The state before its first instruction. */
  readonly base: Digest | null;
  readonly image?: ResolvedImage;
}

/** What the stages of one lowering share. */
export interface Lowering {
  readonly file: Dockerfile;
  readonly options: LowerOptions;
  readonly graph: GraphBuilder;
  readonly images: BaseImages;
  readonly stages: readonly Stage[];
  /** Build arguments declared before the first stage, and the automatic ones. */
  readonly globals: ReadonlyMap<string, string>;
  /** Names of the build arguments that lowered instructions declare, triggers included. */
  readonly declared: Set<string>;
  /** States that are to be made although the target takes nothing from them. */
  readonly required: Set<Digest>;
  /** Lowers a stage when it is first asked for. */
  stage(stage: Stage): Promise<LoweredStage>;
  warn(warning: Pick<Diagnostic, 'code' | 'message' | 'hint'>, range?: SourceRange): void;
}
