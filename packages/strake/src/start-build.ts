import type { BuildEvents } from '@strake/api';
import type { BuildOptions, BuildResult } from './build-options';
import { EventStream } from './event-stream';

/** A build that is under way. */
export interface BuildRun {
  /** What happens in it. */
  readonly events: BuildEvents;
  /** Rejected with a `StrakeError` when the build fails; nobody has to listen. */
  readonly result: Promise<BuildResult>;
}

/** Begins a build after the caller had the time to listen: who iterates at once misses no event. */
export function startBuild(options: BuildOptions, build: (options: BuildOptions) => Promise<BuildResult>): BuildRun {
  const events = new EventStream();
  const listened: BuildOptions = {
    ...options,
    onEvent: (event) => {
      events.give(event);
      options.onEvent?.(event);
    },
  };
  const result = new Promise((resolve) => setImmediate(resolve)).then(() => build(listened)).finally(() => events.end());
  // Who reads the events to their end has not yet asked for the result when it is there.
  result.catch(() => undefined);
  return { events, result };
}
