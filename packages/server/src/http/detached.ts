import { PassThrough, type Readable } from 'node:stream';

/** How long a client may go on sending what nobody reads any more, in milliseconds. */
const PATIENCE = 10_000;

/**
 * A body as a stream that can be destroyed without ending its connection: a client reads its answer only when all that it sends is
 * taken. What is left is thrown away, for a while.
 */
export function detached(body: Readable): Readable {
  const stream = new PassThrough();
  body.once('error', (error) => stream.destroy(error));
  body.once('aborted', () => stream.destroy(new Error('the client has gone away')));
  stream.once('close', () => {
    body.unpipe(stream);
    body.resume();
    const timer = setTimeout(() => body.destroy(), PATIENCE).unref();
    body.once('close', () => clearTimeout(timer));
  });
  return body.pipe(stream);
}
