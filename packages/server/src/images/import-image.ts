import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientSignal } from '../http/client-signal';
import { detached } from '../http/detached';
import { queryOf } from '../http/query-of';
import { HttpError } from '../http/status-of';
import { streamed } from '../http/streamed';
import type { ServerParts } from '../routes/server-parts';
import { BODY_WINDOW } from '../server-options';

/** `POST /images/create?fromSrc=-`: makes an image of the root file system that is the body (`docker import`). */
export async function importImage(parts: ServerParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const query = queryOf(request);
  const source = query.get('fromSrc') ?? '';
  if (source === '') throw new HttpError(400, 'neither fromImage nor fromSrc is given');
  // Whoever may only import must not have this machine ask others.
  if (source !== '-') throw new HttpError(501, `importing from an address is not served: download it, and import that (curl ${source} | docker import - NAME)`);
  const [name, platform] = [nameOf(query.get('repo') ?? '', query.get('tag') ?? ''), query.get('platform') ?? ''];
  const body = detached(request.raw, parts.options.bodyWindow ?? BODY_WINDOW);
  return streamed(parts, reply, async (tell) => {
    const id = await parts.builder.images().import(body, {
      message: query.get('message') || `Imported from ${source}`, changes: query.getAll('changes').filter((change) => change !== ''), signal: clientSignal(reply, parts.stopping),
      ...(name === undefined ? {} : { name }), ...(platform === '' ? {} : { platform }),
    });
    parts.events.tell('import', id);
    tell({ status: id });
  });
}

function nameOf(repository: string, tag: string): string | undefined {
  if (repository === '') return undefined;
  if (repository.includes('@')) throw new HttpError(400, 'cannot import digest reference');
  return tag === '' ? repository : `${repository.replace(/:[^/:]*$/, '')}:${tag}`;
}
