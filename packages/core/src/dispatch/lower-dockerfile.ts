import type { BuildGraph, Diagnostic, Dockerfile, Platform, ResolvedImage, StageView, StrakeError } from '@strake/api';
import type { FactCollector } from '../facts/fact-collector';
import type { Instructions } from '../hooks/registry';
import { checkInstructions } from './check-instructions';
import { DockerfileLowerer } from './dockerfile-lowerer';
import { GraphBuilder } from './graph-builder';
import { mergeLowered } from './merge-lowered';

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
  /** The platform was asked for: the image says that it is of it, whatever its base is of. */
  readonly platformGiven?: boolean;
  /** Several platforms to lower for, instead of `platform`: a result each, and what they share is there once. */
  readonly platforms?: readonly Platform[];
  readonly buildPlatform: Platform;
  /** A stage on another begins without that one's build arguments, as in Docker's classic builder. */
  readonly ownArguments?: boolean;
  /** What RUN gets that names no network. */
  readonly network?: StageView['network'];
  /** Names that stand for a directory to copy from. */
  readonly namedContexts: ReadonlySet<string>;
  /** Names that stand for an image, which `resolveImage` finds by them; a stage of such a name is replaced. */
  readonly namedImages?: ReadonlySet<string>;
  /** Names that stand for a stage of the file, by name or index, or for another name here; a stage of such a name is replaced. */
  readonly namedStages?: ReadonlyMap<string, string>;
  /** The result asks for one layer above its base. */
  readonly squash?: boolean;
  /** RFC 3339: when the image and its history say they were made. */
  readonly now?: string;
  /** Seconds since 1970: the SOURCE_DATE_EPOCH where neither the build arguments nor the file give one. */
  readonly epoch?: number;
  /** What a COPY from a build context gives for --chmod where it says nothing: the modes of a checkout are its machine's. */
  readonly contextModes?: string;
  /** What was found out for the instructions before, by name: `StageView.facts`. */
  readonly outside?: StageView['facts'];
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
  return hooks.graph.call(await lowerPlatforms(file, options, warnings));
}

async function lowerPlatforms(file: Dockerfile, options: LowerOptions, warnings: readonly Diagnostic[]): Promise<BuildGraph> {
  const { platforms = [options.platform] } = options;
  const graph = new GraphBuilder();
  const resolveImage = once((reference, platform) => options.resolveImage(reference, platform));
  const { facts, ...rest } = options;
  const given = options.platformGiven === true || platforms.length > 1;
  // What the text says is the same for each platform: it is told once.
  const told = (index: number) => (facts === undefined || index > 0 ? {} : { facts });
  const lowerers = platforms.map((platform, index) => new DockerfileLowerer(file, { ...rest, ...told(index), platformGiven: given, platform, platforms, resolveImage }, graph, index === 0 ? warnings : []));
  for (const lowerer of lowerers) lowerer.prefetch();
  const lowered = [];
  // One after the other: the order of the graph must not depend on who answers first.
  for (const lowerer of lowerers) lowered.push(await lowerer.lower());
  return mergeLowered(lowered, graph);
}

/** A stage that is pinned to a platform has one base image, however many platforms are lowered for. */
function once(resolveImage: LowerOptions['resolveImage']): LowerOptions['resolveImage'] {
  const found = new Map<string, Promise<ResolvedImage>>();
  return (reference, platform) => {
    const key = JSON.stringify([reference, platform]);
    const image = found.get(key) ?? resolveImage(reference, platform);
    found.set(key, image);
    return image;
  };
}
