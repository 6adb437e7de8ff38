import { OperatorError, type Backend, type CacheStrategy, type FailedState, type Vertex } from '@strake/api';
import type { Store } from '@strake/oci';
import type { BuildOptions } from '../build/build-options';
import { openFailedStep } from './open-failed-step';

/** What the solver calls with failures. */
export type OnFailed = (vertex: Vertex, state: FailedState, signal: AbortSignal) => Promise<void>;

/** Refuses a handler that would never be called. Throws UNSUPPORTED. */
export function checkFailures({ onStepFailed }: BuildOptions, { backend, cache }: { readonly backend: Backend; readonly cache: CacheStrategy }): void {
  if (onStepFailed === undefined) return;
  if (backend.capabilities.failedStates !== true) throw new OperatorError('UNSUPPORTED', `the backend ${backend.name} cannot show what a failed step left`, { hint: 'build with the embedded backend' });
  if (cache.steps !== undefined) throw new OperatorError('UNSUPPORTED', `what a failed step left cannot be shown with the cache "${cache.name}"`, { hint: 'build with the content cache' });
}

/** Hands failures to the handler of the options, one after the other; undefined without one. The handler's own failure is a warning: the step's is the build's. */
export function handleFailures({ onStepFailed }: BuildOptions, store: Store, warn: (message: string) => void): OnFailed | undefined {
  if (onStepFailed === undefined) return undefined;
  let before: Promise<void> = Promise.resolve();
  const handle = async (vertex: Vertex, state: FailedState, signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return;
    try {
      await onStepFailed(openFailedStep(vertex, state, { store, signal }));
    } catch (error) {
      if (!signal.aborted) warn(`onStepFailed failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return (vertex, state, signal) => (before = before.then(() => handle(vertex, state, signal)));
}
