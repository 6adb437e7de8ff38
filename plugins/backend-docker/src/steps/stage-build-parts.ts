import type { ResourceLimits, StepImage } from '@strake/api';
import type { LocalContext, SentOptions } from '@strake/context';
import type { EngineClient } from '../engine';

/** What a stage is built with. */
export interface StageBuildParts {
  readonly client: EngineClient;
  /** An image by its ID, or the beginning of it. */
  read(id: string): Promise<StepImage | undefined>;
  readonly context: LocalContext | undefined;
  /** In what form a context is sent. */
  readonly sent: SentOptions;
  readonly extraHosts: readonly string[];
  readonly limits: ResourceLimits;
  readonly keepContainers: boolean;
  /** What the network `default` is. */
  readonly network: string | undefined;
  readonly isolation: string | undefined;
  /** The platform that the engine builds for when it is told none. */
  readonly own: string;
}
