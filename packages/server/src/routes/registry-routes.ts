import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { StrakeError } from '@strake/api';
import { credentialsFor } from '../http/client-credentials';
import { clientSignal } from '../http/client-signal';
import { streamed } from '../http/streamed';
import { queryOf } from '../http/query-of';
import { HttpError } from '../http/status-of';
import { familiarName } from '../images/familiar-name';
import { importImage } from '../images/import-image';
import { pullImages } from '../images/pull-images';
import { progressTo } from '../images/transfer-messages';
import type { ServerParts } from './server-parts';
import { withCredentials } from './with-credentials';

/** `POST /images/create` and `POST /images/NAME/push`: what asks registries. */
export function registryRoutes(app: FastifyInstance, parts: ServerParts): void {
  app.post('/images/create', async (request, reply) => create(parts, request, reply));
}

async function create(parts: ServerParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const query = queryOf(request);
  const [image, tag, platform] = [query.get('fromImage') ?? '', query.get('tag') ?? '', query.get('platform') ?? ''];
  if (image === '') return importImage(parts, request, reply);
  const reference = tag === '' ? image.replace(/:$/, '') : `${image}${tag.startsWith('sha256:') ? '@' : ':'}${tag}`;
  return streamed(parts, reply, async (tell) => {
    const pulled = await withCredentials(parts, credentialsFor(image, request.headers), (builder) => named(reference, () => pullImages(builder.registries(), reference, tell, {
      signal: clientSignal(reply, parts.stopping), ...(platform === '' ? {} : { platform }),
    })));
    for (const { name } of pulled) parts.events.tell('pull', name, familiarName(name));
  });
}

/** What a registry does not have is told in the engine's words, which clients look for. */
async function named<T>(reference: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StrakeError) || error.code !== 'IMAGE_MISSING') throw error;
    throw new HttpError(404, `manifest for ${familiarName(reference)} not found: manifest unknown: manifest unknown`);
  }
}

/** Pushes what the store has under a name; without a tag, under every tag of the repository, as the engine does. */
export async function push(parts: ServerParts, name: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const tag = queryOf(request).get('tag') ?? '';
  const names = tag === '' ? await parts.builder.registries().namesOf(name) : [`${name}:${tag}`];
  return streamed(parts, reply, async (tell) => {
    // As the engine: the failure is the stream's, and an image that is not here is told before a registry is asked.
    tell({ status: `The push refers to repository [${name}]` });
    if (names.length === 0) throw new HttpError(404, `An image does not exist locally with the tag: ${familiarName(name)}`);
    for (const one of tag === '' ? [] : names) await existing(parts, name, one);
    for (const one of names) {
      const { digest, size } = await withCredentials(parts, credentialsFor(one, request.headers), (builder) => builder.registries().push(one, { signal: clientSignal(reply, parts.stopping), onProgress: progressTo(tell, 'push') }));
      const pushed = one.slice(one.lastIndexOf(':') + 1);
      parts.events.tell('push', one, familiarName(one));
      tell({ status: `${pushed}: digest: ${digest} size: ${size}` });
      tell({ progressDetail: {}, aux: { Tag: pushed, Digest: digest, Size: size } });
    }
  });
}

/** As the engine: a repository of which there is nothing is told apart from a tag that it lacks. */
async function existing({ builder }: ServerParts, repository: string, name: string): Promise<void> {
  try {
    await builder.images().get(name);
  } catch (error) {
    if (!(error instanceof StrakeError) || error.code !== 'IMAGE_MISSING') throw error;
    const others = await builder.registries().namesOf(repository);
    throw new HttpError(404, others.length === 0 ? `An image does not exist locally with the tag: ${familiarName(repository)}` : `tag does not exist: ${familiarName(name)}`);
  }
}
