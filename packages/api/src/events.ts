import type { CacheMiss } from './cache';
import type { Diagnostic } from './diagnostic';
import type { Digest } from './digest';
import type { GraphInstruction, GraphStage, VertexNote } from './graph';

/** Bytes done of a total that may be unknown. */
export interface Progress {
  readonly label: string;
  readonly current: number;
  readonly total?: number;
}

/** All that is known of why a step is made. */
export interface StepMiss extends CacheMiss {
  /** The step that changed first, where this one is made only because of that. */
  readonly because?: Digest;
  /** Only in a dry run: it depends on what another step makes whether this one is made. */
  readonly uncertain?: true;
}

/** The version of `BuildEvent`, in whole numbers. */
export const BUILD_EVENTS_VERSION = 1;

/**
 * What happens during a build, in order. `at` is milliseconds since the epoch.
 *
 * The promise of version 1: no type of event and no field goes away, none changes its meaning or its type, and no field becomes optional.
 * New types of events and new fields may come with any release, so a `switch` needs a `default` that passes over what it does not know. Anything
 * else would be version 2. Not promised: how many `log` and `progress` events there are, where log output is cut, and the texts of names, reasons and errors.
 */
export type BuildEvent =
  | { readonly type: 'graph'; readonly at: number; readonly vertices: readonly { readonly digest: Digest; readonly inputs: readonly Digest[]; readonly note: VertexNote }[]; readonly stages: readonly GraphStage[]; readonly globals: readonly GraphInstruction[]; /** Each instruction has an image, which `step` will tell. */ readonly images?: true }
  | { readonly type: 'started'; readonly at: number; readonly vertex: Digest; readonly note: VertexNote }
  /** `from` is the place outside the store that it was found in. */
  | { readonly type: 'cached'; readonly at: number; readonly vertex: Digest; readonly note: VertexNote; readonly from?: string }
  | { readonly type: 'missed'; readonly at: number; readonly vertex: Digest; readonly note: VertexNote; readonly reason: string; readonly miss?: StepMiss }
  | { readonly type: 'log'; readonly at: number; readonly vertex: Digest; readonly stream: 1 | 2; readonly data: Buffer }
  | { readonly type: 'progress'; readonly at: number; readonly vertex: Digest; readonly progress: Progress }
  | { readonly type: 'done'; readonly at: number; readonly vertex: Digest; readonly note: VertexNote; readonly milliseconds: number; readonly error?: string }
  /** An instruction's image is there: `step` counts a stage's steps, -1 is its FROM. Only where there are such images. */
  | { readonly type: 'step'; readonly at: number; readonly stage: number; readonly step: number; readonly image: Digest | null; readonly cached: boolean }
  | { readonly type: 'export'; readonly at: number; readonly name: string; readonly state: 'started' | 'done'; readonly milliseconds?: number }
  | { readonly type: 'warning'; readonly at: number; readonly diagnostic: Diagnostic };

/**
 * The events of one build. Each iteration gets those that come from then on, in order, and ends with the build, whatever its end: how it went is told
 * by the result. Events wait in memory for a slow reader; the build never does. Leaving the loop ends the iteration, and not the build.
 */
export interface BuildEvents extends AsyncIterable<BuildEvent> {
  /** Of the events in it. */
  readonly version: typeof BUILD_EVENTS_VERSION;
}
