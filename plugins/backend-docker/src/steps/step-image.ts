import type { ContainerConfig, StepImage } from '@strake/api';
import type { EngineImage } from '../engine';

/** An engine's image as the classic cache sees it. Of its history only the engine knows enough. */
export function stepImageOf({ Id, Parent, Created, Os, Architecture, Variant, Author, Config, ContainerConfig, RootFS }: EngineImage): StepImage {
  const made = ContainerConfig as ContainerConfig | undefined;
  return {
    id: Id,
    created: Created,
    platform: { os: Os, architecture: Architecture, ...(Variant === undefined || Variant === '' ? {} : { variant: Variant }) },
    config: (Config ?? {}),
    diffIds: RootFS.Layers ?? [],
    history: [],
    ...(Parent === '' ? {} : { parent: Parent as StepImage['id'] }),
    ...(Author === '' ? {} : { author: Author }),
    // Of one that was loaded or pulled an engine tells an empty one.
    ...(made?.Cmd ? { containerConfig: made } : {}),
  };
}
