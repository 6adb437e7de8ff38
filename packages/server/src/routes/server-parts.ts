import type { Builder } from 'strake';
import type { BuildQueue } from '../build/build-queue';
import type { ImageEvents } from '../events';
import type { Connections } from '../listen/connections';
import type { HangUps } from '../listen/hang-ups';
import type { Metrics } from '../metrics';
import type { ServerOptions } from '../server-options';

/** What routes work with. */
export interface ServerParts {
  readonly options: ServerOptions;
  readonly builder: Builder;
  readonly events: ImageEvents;
  readonly queue: BuildQueue;
  readonly metrics: Metrics;
  readonly connections: Connections;
  readonly hangUps: HangUps;
  /** Aborted when the server takes no more work. */
  readonly draining: AbortSignal;
  /** Aborted when the server stops waiting for what is under way. */
  readonly stopping: AbortSignal;
}
