import { StrakeError } from '@strake/api';
import { HttpError } from '../http/status-of';

/** Does something with a named image; one that is missing is told in the engine's words, which clients look for. */
export async function withImage<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StrakeError) || error.code !== 'IMAGE_MISSING') throw error;
    const tagged = /^[0-9a-f]{12,64}$|[:@][^/]*$/.test(name) ? name : `${name}:latest`;
    throw new HttpError(404, `No such image: ${tagged}`);
  }
}
