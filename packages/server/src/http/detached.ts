import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { discardRest } from './discard-rest';
import { HttpError } from './status-of';

/** Bytes of a body that must come within the time that a client has for them. */
const LEAST = 16 * 1024;

/**
 * A body as a stream that can be destroyed without ending its connection, so that its client can still be answered. It fails with `HttpError` 408
 * when in some `window` of milliseconds next to nothing came, although it was waited for: a client that sends slowly must not hold a place of the queue.
 */
export function detached(body: IncomingMessage, window: number): Readable {
  const stream = new PassThrough();
  // Whoever reads it is told by the reading; where nobody does (a request that was refused) an error must not end the process.
  stream.on('error', () => undefined);
  let come = 0;
  body.on('data', (chunk: Buffer) => (come += chunk.length));
  const pace = setInterval(() => {
    if (come < LEAST && !stream.writableNeedDrain && !body.complete) stream.destroy(new HttpError(408, `the body comes too slowly: ${come} bytes in ${window / 1000} seconds`));
    come = 0;
  }, window).unref();
  body.once('error', (error) => stream.destroy(error));
  body.once('aborted', () => stream.destroy(new Error('the client has gone away')));
  stream.once('close', () => {
    clearInterval(pace);
    body.unpipe(stream);
    discardRest(body);
  });
  return body.pipe(stream);
}
