import { StepFailedError, StepTimeoutError, type ApplyOptions, type StrakeError, type Vertex } from '@strake/api';

/**
 * Applies a vertex as often, and each time as long, as its instruction lets it. Only a program that failed or took too long is tried again, at
 * once; each attempt that fails is told in the step's output. Throws what the last one ended with, and StepTimeoutError.
 */
export async function attempt<T>({ attempts = {} }: Vertex, options: ApplyOptions, apply: (options: ApplyOptions) => Promise<T>): Promise<T> {
  const { retries = 0, timeout } = attempts;
  for (let number = 1; ; number += 1) {
    try {
      return await withinTime(timeout, options, apply);
    } catch (error) {
      const failed = error instanceof StepFailedError || error instanceof StepTimeoutError;
      if (!failed || options.signal.aborted) throw error;
      if (number > retries) throw counted(error, number);
      options.log(2, Buffer.from(`strake: attempt ${number} of ${retries + 1} failed: ${error.message}\n`));
    }
  }
}

async function withinTime<T>(seconds: number | undefined, options: ApplyOptions, apply: (options: ApplyOptions) => Promise<T>): Promise<T> {
  if (seconds === undefined) return apply(options);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), seconds * 1000);
  try {
    return await apply({ ...options, signal: AbortSignal.any([options.signal, late.signal]) });
  } catch (error) {
    // Whoever is stopped ends in its own way; why it was stopped is known here.
    if (!late.signal.aborted || options.signal.aborted) throw error;
    throw new StepTimeoutError(seconds, { cause: error, hint: 'give it more time, or find out what it waits for' });
  } finally {
    clearTimeout(timer);
  }
}

function counted<E extends StrakeError>(error: E, number: number): E {
  if (number > 1) error.notes = [...error.notes, `it failed ${number} times`];
  return error;
}
