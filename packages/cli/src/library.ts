import type * as Strake from 'strake';

export type {
  AgentSource,
  CacheEntry,
  Caches,
  CacheStatistics,
  CachePruneOptions,
  Builder,
  BuilderConfig,
  BuildOptions,
  BuildResult,
  CheckResult,
  Difference,
  FixResult,
  ImageDetails,
  Images,
  ImageSummary,
  Outline,
  OutputOptions,
  Plan,
  PlanStep,
  SecretSources,
  PluginReport,
  PluginSummary,
  PulledImage,
  Registries,
  TargetList,
  TransferProgress,
  Violation,
} from 'strake';

/** The part of the package `strake` that the command uses. */
export type Library = Pick<typeof Strake, 'createBuilder' | 'formatError'>;

/** Loads the library. Apart from everything else, so that commands that do without it start fast. */
export async function loadLibrary(): Promise<Library> {
  return import('strake');
}
