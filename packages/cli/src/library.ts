import type * as Strake from 'strake';

export type {
  AgentSource,
  Builder,
  BuilderConfig,
  BuildOptions,
  BuildResult,
  ImageDetails,
  Images,
  ImageSummary,
  OutputOptions,
  Plan,
  PlanStep,
  SecretSources,
  PulledImage,
  Registries,
  TransferProgress,
} from 'strake';

/** The part of the package `strake` that the command uses. */
export type Library = Pick<typeof Strake, 'createBuilder' | 'formatError'>;

/** Loads the library. Apart from everything else, so that commands that do without it start fast. */
export async function loadLibrary(): Promise<Library> {
  return import('strake');
}
