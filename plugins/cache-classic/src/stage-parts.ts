import type { CopyInput, CopyOp, Digest, StepGraph, StepImage, StepImages, StepOptions, Vertex } from '@strake/api';
import type { PlannedStep } from './stage-plan';

/** What stages ask the build that they belong to. */
export interface StageParts {
  readonly build: StepGraph;
  readonly options: StepOptions;
  readonly images: StepImages;
  /** What a vertex reads, in the order of its inputs. */
  inputs(vertex: Vertex): Promise<readonly CopyInput[]>;
  /** The image that a COPY takes files from; undefined for a context or a source. */
  imageBehind(digest: Digest): Promise<StepImage | undefined>;
  /** Whether a COPY or ADD takes a file that is downloaded: its sum is written without what it is the sum of. */
  isDownload(digest: Digest): boolean;
  isContext(digest: Digest): boolean;
  /** In a dry run: whether it is of a stage whose files only a build makes. */
  isMade(digest: Digest): boolean;
}

/** The copies of a step, each with the digest of what it reads. */
export function copiesOf({ vertex }: PlannedStep): readonly { readonly op: CopyOp; readonly input: Digest }[] {
  const copies = (vertex?.ops ?? []).filter((op): op is CopyOp => op.type === 'copy');
  return copies.map((op) => ({ op, input: vertex?.inputs[op.input] as Digest }));
}
