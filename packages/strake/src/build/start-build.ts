import type { BuildEvent, BuildEvents } from '@strake/api';
import type { BuildOptions, BuildResult, Given } from './build-options';
import { EventStream } from './event-stream';
import { givenOptions } from '../given/given';

/** A build that is under way. */
export interface BuildRun {
  /** What happens in it. */
  readonly events: BuildEvents;
  /** Rejected with a `StrakeError` when the build fails; nobody has to listen. */
  readonly result: Promise<BuildResult>;
}

/** Does work that `close` of the builder waits for. */
export type Taking = <T>(work: () => Promise<T>) => Promise<T>;

/** Begins a build after the caller had the time to listen: who iterates at once misses no event. */
export function startBuild(options: Given<BuildOptions>, build: (options: BuildOptions) => Promise<BuildResult>, taking: Taking): BuildRun {
  const events = new EventStream();
  const result = taking(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    const given = givenOptions(options);
    const onEvent = (event: BuildEvent): void => {
      events.give(event);
      given.onEvent?.(event);
    };
    return build({ ...given, onEvent });
  }).finally(() => events.end());
  // Who reads the events to their end has not yet asked for the result when it is there.
  result.catch(() => undefined);
  return { events, result };
}
