import { Readable } from 'node:stream';
import { CancelledError, InternalError, StepFailedError, type StageFollower, type StageToBuild, type StepImage } from '@strake/api';
import { EngineError } from '../engine';
import { contextTar } from './context-tar';
import { placeDockerfile } from './place-dockerfile';
import type { StageBuildParts } from './stage-build-parts';
import type { BuildMessage } from './stage-messages';
import { stageQuery } from './stage-query';
import { StageWatcher } from './stage-watcher';

/** Has the engine's own builder build a stage; the images of its steps, in order. Throws STEP_FAILED, ENGINE_FAILED, CANCELLED. */
export async function buildStage(stage: StageToBuild, follower: StageFollower, parts: StageBuildParts): Promise<readonly StepImage[]> {
  const { client: { engine } } = parts;
  const watcher = new StageWatcher(stage, follower, async (id) => (await parts.read(id)) ?? lost(id));
  const place = placeDockerfile(stage.dockerfile, parts.context);
  const request = {
    what: 'build a stage', method: 'POST', path: '/build', query: stageQuery(stage, place.name, parts),
    file: Readable.from(contextTar(parts.context?.entries(parts.sent), place.added), { objectMode: false }), headers: { 'Content-Type': 'application/x-tar' }, signal: follower.signal,
  } as const;
  try {
    for await (const message of engine.messages<BuildMessage>(request)) await watcher.take(message);
  } catch (error) {
    const failure = failureOf(error, follower.signal);
    watcher.failed(failure);
    throw failure;
  }
  return watcher.end();
}

function lost(id: string): never {
  throw new InternalError(`the engine has lost the image ${id} that it has just built`);
}

/** A program that failed is the Dockerfile's author's; everything else the engine's. */
function failureOf(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return new CancelledError({ cause: error });
  const failed = error instanceof EngineError ? /The command '([^]*)' returned a non-zero code: (\d+)/.exec(error.said) : null;
  return failed === null ? error : new StepFailedError([failed[1] ?? ''], Number(failed[2]), { cause: error });
}
