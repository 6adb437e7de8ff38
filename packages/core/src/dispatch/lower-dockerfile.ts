import type { BuildGraph, Dockerfile, Platform, ResolvedImage, StageView } from '@strake/api';
import type { Instructions } from '../hooks/registry';
import { checkInstructions } from './check-instructions';
import { DockerfileLowerer } from './dockerfile-lowerer';

/** What a Dockerfile is lowered with. */
export interface LowerOptions {
  readonly registry: Instructions;
  resolveImage(reference: string, platform: Platform): Promise<ResolvedImage>;
  /** Throws when a text is no name of an image; asked of the bases that nothing needs, too. */
  checkReference?(reference: string): void;
  /** A stage's name or index; the last stage without it. */
  readonly target?: string;
  /** Undefined: mentioned without a value. */
  readonly buildArgs: Readonly<Record<string, string | undefined>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly platform: Platform;
  readonly buildPlatform: Platform;
  /** What RUN gets that names no network. */
  readonly network?: StageView['network'];
  /** Names that stand for a directory to copy from. */
  readonly namedContexts: ReadonlySet<string>;
  /** Names that stand for an image, which `resolveImage` finds by them; a stage of such a name is replaced. */
  readonly namedImages?: ReadonlySet<string>;
  /** RFC 3339: when the image and its history say they were made. */
  readonly now?: string;
  readonly signal: AbortSignal;
}

/** Checks all of a Dockerfile, then lowers the stages that the target needs. Throws a `StrakeError` with a range. */
export async function lowerDockerfile(dockerfile: Dockerfile, options: LowerOptions): Promise<BuildGraph> {
  const { hooks } = options.registry;
  const file = hooks.dockerfile.call(dockerfile);
  checkInstructions(file, options.registry);
  return hooks.graph.call(await new DockerfileLowerer(file, options).lower());
}
