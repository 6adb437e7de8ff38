import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { StrakeError } from '@strake/api';
import type { TransferProgress } from 'strake';
import { errorMessage, type JsonMessage } from '../build/json-messages';
import { shortId } from '../build/short-id';
import { credentialsFor } from '../http/client-credentials';
import { clientSignal } from '../http/client-signal';
import { MessageStream } from '../http/message-stream';
import { queryOf } from '../http/query-of';
import { HttpError } from '../http/status-of';
import { familiarName } from '../images/familiar-name';
import type { ServerParts } from './server-parts';
import { withCredentials } from './with-credentials';

/** `POST /images/create` and `POST /images/NAME/push`: what asks registries. */
export function registryRoutes(app: FastifyInstance, parts: ServerParts): void {
  app.post('/images/create', async (request, reply) => create(parts, request, reply));
}

async function create(parts: ServerParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const query = queryOf(request);
  const [image, tag, platform] = [query.get('fromImage') ?? '', query.get('tag') ?? '', query.get('platform') ?? ''];
  if ((query.get('fromSrc') ?? '') !== '') throw new HttpError(501, 'importing is not served: load an archive');
  if (image === '') throw new HttpError(400, 'fromImage is missing');
  const reference = tag === '' ? image : `${image}${tag.startsWith('sha256:') ? '@' : ':'}${tag}`;
  return stream(parts, reply, async (tell) => {
    const { name, manifest, upToDate } = await withCredentials(parts, credentialsFor(image, request.headers), (builder) => builder.registries().pull(reference, {
      signal: clientSignal(reply, parts.stopping), onProgress: progressTo(tell, 'pull'), ...(platform === '' ? {} : { platform }),
    }));
    parts.events.tell('pull', name, familiarName(name));
    tell({ status: `Digest: ${manifest.digest}` });
    tell({ status: `Status: ${upToDate ? 'Image is up to date for' : 'Downloaded newer image for'} ${familiarName(name)}` });
  });
}

/** Pushes what the store has under a name; without a tag, under every tag of the repository, as the engine does. */
export async function push(parts: ServerParts, name: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const tag = queryOf(request).get('tag') ?? '';
  const names = tag === '' ? await parts.builder.registries().namesOf(name) : [`${name}:${tag}`];
  return stream(parts, reply, async (tell) => {
    // As the engine: the failure is the stream's, and an image that is not here is told before a registry is asked.
    tell({ status: `The push refers to repository [${name}]` });
    if (names.length === 0) throw new HttpError(404, `An image does not exist locally with the tag: ${familiarName(name)}`);
    for (const one of names) await existing(parts, one);
    for (const one of names) {
      const { digest, size } = await withCredentials(parts, credentialsFor(one, request.headers), (builder) => builder.registries().push(one, { signal: clientSignal(reply, parts.stopping), onProgress: progressTo(tell, 'push') }));
      const pushed = one.slice(one.lastIndexOf(':') + 1);
      parts.events.tell('push', one, familiarName(one));
      tell({ status: `${pushed}: digest: ${digest} size: ${size}` });
      tell({ progressDetail: {}, aux: { Tag: pushed, Digest: digest, Size: size } });
    }
  });
}

async function existing({ builder }: ServerParts, name: string): Promise<void> {
  try {
    await builder.images().get(name);
  } catch (error) {
    if (!(error instanceof StrakeError) || error.code !== 'IMAGE_MISSING') throw error;
    throw new HttpError(404, `tag does not exist: ${familiarName(name)}`);
  }
}

type Tell = (message: JsonMessage) => void;

async function stream({ options }: ServerParts, reply: FastifyReply, work: (tell: Tell) => Promise<void>): Promise<FastifyReply> {
  const out = new MessageStream(reply, options.workDirectory);
  try {
    await work((message) => out.write(message));
  } catch (error) {
    if (!out.used) throw error;
    out.write(errorMessage(error));
  }
  out.end();
  return reply;
}

const WORDS: Readonly<Record<'pull' | 'push', Readonly<Record<TransferProgress['state'], string>>>> = {
  pull: { waiting: 'Pulling fs layer', running: 'Downloading', done: 'Pull complete', exists: 'Already exists', mounted: 'Pull complete' },
  push: { waiting: 'Preparing', running: 'Pushing', done: 'Pushed', exists: 'Layer already exists', mounted: 'Mounted from' },
};

/** Layers on their way, each a line of its own in Docker's client. */
function progressTo(tell: Tell, doing: 'pull' | 'push'): (progress: TransferProgress) => void {
  return ({ descriptor: { digest, size }, kind, state, current, from }) => {
    if (kind === 'config') return;
    const status = `${WORDS[doing][state]}${from === undefined ? '' : ` ${from}`}`;
    tell({ status, id: shortId(digest), progressDetail: state === 'running' ? { current, total: size } : {} });
  };
}
