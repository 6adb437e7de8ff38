import type { FastifyReply } from 'fastify';

/** Aborted when the client goes away before its answer is complete, or when the server stops. */
export function clientSignal({ raw }: FastifyReply, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort();
  });
  return AbortSignal.any([gone.signal, stopping]);
}
