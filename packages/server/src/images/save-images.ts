import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyReply } from 'fastify';
import { clientSignal } from '../http/client-signal';
import type { ServerParts } from '../routes/server-parts';

/** Sends images as an archive that `docker load` takes. It is made first: an image that is missing must still be a status. */
export async function saveImages({ builder, options, stopping }: ServerParts, names: readonly string[], reply: FastifyReply): Promise<FastifyReply> {
  const folder = await mkdtemp(join(options.workDirectory, 'save-'));
  const destination = join(folder, 'images.tar');
  const remove = (): void => void rm(folder, { recursive: true, force: true });
  try {
    await builder.images().save(names, { format: 'docker', destination, signal: clientSignal(reply, stopping) });
  } catch (error) {
    remove();
    throw error;
  }
  const stream = createReadStream(destination);
  stream.once('close', remove);
  return reply.type('application/x-tar').send(stream);
}
