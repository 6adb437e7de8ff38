import { StrakeError, type Dockerfile } from '@strake/api';
import { locateError } from '@strake/core';

const sources = new WeakMap<StrakeError, string>();

/** Remembers a file's text for the errors about it that `work` throws, so that they can be printed with an excerpt. */
export function attachSource<T>(file: string, text: string, work: () => Promise<T>): Promise<T>;
export function attachSource<T>(file: string, text: string, work: () => T): T;
export function attachSource<T>(file: string, text: string, work: () => T | Promise<T>): T | Promise<T> {
  const attach = (error: unknown): never => {
    if (error instanceof StrakeError && error.range?.file === file) sources.set(error, text);
    throw error;
  };
  try {
    const done = work();
    return done instanceof Promise ? done.catch(attach) : done;
  } catch (error) {
    return attach(error);
  }
}

/** As `attachSource`, for work on a parsed file: an error is put under the flag or the argument that it is about. */
export function attachDockerfile<T>(dockerfile: Dockerfile, work: () => Promise<T>): Promise<T> {
  return attachSource(dockerfile.file, dockerfile.source, async () => {
    try {
      return await work();
    } catch (error) {
      locateError(error, dockerfile);
      const included = error instanceof StrakeError ? dockerfile.included?.[error.range?.file ?? ''] : undefined;
      if (included !== undefined) sources.set(error as StrakeError, included);
      throw error;
    }
  });
}

/** The text of the file that an error is about, where it is known. */
export function sourceOf(error: StrakeError): string | undefined {
  return sources.get(error);
}
