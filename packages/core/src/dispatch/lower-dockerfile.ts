import type { BuildGraph, Diagnostic, Dockerfile, Platform, ResolvedImage, StageView, StrakeError } from '@strake/api';
import type { FactCollector } from '../facts/fact-collector';
import type { Instructions } from '../hooks/registry';
import { checkInstructions } from './check-instructions';
import { DockerfileLowerer } from './dockerfile-lowerer';

/** What a Dockerfile is lowered with. */
export interface LowerOptions {
  readonly registry: Instructions;
  resolveImage(reference: string, platform: Platform): Promise<ResolvedImage>;
  /** Throws for what can never be an image reference: those of stages that nothing needs are checked too. */
  checkReference?(reference: string): void;
  /** A stage's name or index; the last stage without it. */
  readonly target?: string;
  /** Undefined: mentioned without a value. */
  readonly buildArgs: Readonly<Record<string, string | undefined>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly platform: Platform;
  /** The platform was asked for: the image says that it is of it, whatever its base is of. */
  readonly platformGiven?: boolean;
  readonly buildPlatform: Platform;
  /** What RUN gets that names no network. */
  readonly network?: StageView['network'];
  /** Names that stand for a directory to copy from. */
  readonly namedContexts: ReadonlySet<string>;
  /** Names that stand for an image, which `resolveImage` finds by them; a stage of such a name is replaced. */
  readonly namedImages?: ReadonlySet<string>;
  /** RFC 3339: when the image and its history say they were made. */
  readonly now?: string;
  /** Is given what becomes known on the way. */
  readonly facts?: FactCollector;
  /** Lowers all stages, not only those that the target needs. */
  readonly allStages?: boolean;
  /** With it an image that is not to be had is no error: it is told of, and an empty one stands for it. Such a graph is not for building. */
  readonly onMissingImage?: (reference: string, error: StrakeError) => void;
  readonly signal: AbortSignal;
}

/** Checks all of a Dockerfile, then lowers the stages that the target needs. Throws a `StrakeError` with a range. */
export async function lowerDockerfile(dockerfile: Dockerfile, options: LowerOptions): Promise<BuildGraph> {
  const { hooks } = options.registry;
  const file = hooks.dockerfile.call(dockerfile);
  options.facts?.file(file);
  const warnings: Diagnostic[] = [];
  checkInstructions(file, options.registry, (warning) => void warnings.push(warning));
  return hooks.graph.call(await new DockerfileLowerer(file, options, warnings).lower());
}
