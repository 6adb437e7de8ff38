import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { clientSignal } from '../http/client-signal';
import type { ServerParts } from '../routes/server-parts';

/**
 * Sends images as an archive that `docker load` takes, as it is made and no faster than the client takes it. What fails before the first byte (an image is
 * missing) is a status; later the connection ends in the middle of the answer, so that nobody takes what came for an archive.
 */
export async function saveImages({ builder, stopping }: ServerParts, names: readonly string[], reply: FastifyReply): Promise<FastifyReply> {
  const archive = new PassThrough();
  const saved = builder.images().save(names, { format: 'docker', destination: archive, signal: clientSignal(reply, stopping) });
  const ended = saved.then(() => void archive.end(), (error: unknown) => {
    archive.destroy(error as Error);
    throw error;
  });
  const begun = once(archive, 'readable');
  // Whichever comes first; a later failure is the stream's.
  for (const one of [ended, begun]) one.catch(() => undefined);
  await Promise.race([ended, begun]);
  return reply.type('application/x-tar').send(archive);
}
