import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { encodeMessage, errorMessage } from '../build/json-messages';
import { shortId } from '../build/short-id';
import { clientSignal } from '../http/client-signal';
import { detached } from '../http/detached';
import { booleanOf, type Query } from '../http/query';
import { queryOf } from '../http/query-of';
import { HttpError } from '../http/status-of';
import { allDetails, isShown } from '../images/all-details';
import { familiarName } from '../images/familiar-name';
import { BODY_WINDOW } from '../server-options';
import { readFilters, type Filters } from '../images/filters';
import { imageHistory } from '../images/image-history';
import { imageInspect } from '../images/image-inspect';
import { imageSummary } from '../images/image-summary';
import { IMAGE_FILTERS, matchesFilters, namesFor, type FilterTimes } from '../images/matches-filters';
import { pruneImages } from '../images/prune-images';
import { saveImages } from '../images/save-images';
import { parseMoment } from './parse-moment';
import { push } from './registry-routes';
import type { ServerParts } from './server-parts';
import { withImage } from './with-image';

type Named = FastifyRequest<{ Params: { '*': string } }>;

/** `/images/…`. Names hold slashes, so what follows a name is told apart by hand. */
export function imageRoutes(app: FastifyInstance, parts: ServerParts): void {
  app.get('/images/json', async (request) => listImages(parts, queryOf(request)));
  app.get('/images/get', async (request, reply) => save(parts, queryOf(request).getAll('names').flatMap((names) => names.split(',')), reply));
  app.post('/images/load', async (request, reply) => load(parts, request, reply));
  app.post('/images/prune', async (request) => pruneImages(parts, queryOf(request)));
  app.get('/images/search', () => refuse('searching registries'));
  app.get<{ Params: { '*': string } }>('/images/*', async (request, reply) => describe(parts, request, reply));
  app.post<{ Params: { '*': string } }>('/images/*', async (request, reply) => change(parts, request, reply));
  app.delete<{ Params: { '*': string } }>('/images/*', async (request) => remove(parts, request.params['*'], queryOf(request)));
}

function refuse(what: string): never {
  throw new HttpError(501, `${what} is not served`);
}

async function listImages(parts: ServerParts, query: Query): Promise<readonly unknown[]> {
  const filters = readFilters(query, IMAGE_FILTERS);
  const times = await filterTimes(parts, filters);
  const all = booleanOf(query, 'all');
  const found = (await allDetails(parts.builder, all ? undefined : isShown)).filter((image) => matchesFilters(image, filters, times));
  return found.sort((left, right) => Date.parse(right.created ?? '') - Date.parse(left.created ?? '')).map((image) => imageSummary({ ...image, ...namesFor(image, filters) }));
}

async function filterTimes({ builder }: ServerParts, filters: Filters): Promise<FilterTimes> {
  const madeOf = async (name: string): Promise<number | undefined> => {
    const [reference] = filters.get(name) ?? [];
    return reference === undefined ? undefined : Date.parse((await withImage(reference, () => builder.images().get(reference))).created ?? '') || 0;
  };
  const [before, since, until] = [await madeOf('before'), await madeOf('since'), parseMoment(filters.get('until')?.[0] ?? null)];
  return {
    ...(before === undefined ? {} : { before }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until: until * 1000 }),
  };
}

async function describe(parts: ServerParts, { params }: Named, reply: FastifyReply): Promise<unknown> {
  const [, name = '', what] = /^(.+)\/(json|history|get)$/.exec(params['*']) ?? [];
  if (what === undefined) throw new HttpError(404, 'page not found');
  if (what === 'get') return save(parts, [name], reply);
  const image = await withImage(name, () => parts.builder.images().get(name));
  return what === 'json' ? imageInspect(image) : imageHistory(parts.builder.images(), image);
}

async function change(parts: ServerParts, request: Named, reply: FastifyReply): Promise<unknown> {
  const [, name = '', what] = /^(.+)\/(tag|push)$/.exec(request.params['*']) ?? [];
  if (what === 'tag') return tag(parts, name, queryOf(request), reply);
  if (what === 'push') return push(parts, name, request, reply);
  throw new HttpError(404, 'page not found');
}

async function tag(parts: ServerParts, name: string, query: Query, reply: FastifyReply): Promise<FastifyReply> {
  const images = parts.builder.images();
  const [repository, wanted] = [query.get('repo') ?? '', query.get('tag') ?? ''];
  if (repository === '') throw new HttpError(400, 'repository name must have at least one component');
  await withImage(name, () => images.tag(name, wanted === '' ? repository : `${repository}:${wanted}`));
  parts.events.tell('tag', (await images.get(name)).id, familiarName(wanted === '' ? repository : `${repository}:${wanted}`));
  return reply.code(201).send();
}

async function remove(parts: ServerParts, name: string, query: Query): Promise<readonly unknown[]> {
  if (!booleanOf(query, 'force')) await refuseSeveralNames(parts, name);
  const { id: image } = await withImage(name, () => parts.builder.images().get(name));
  const { untagged, deleted } = await withImage(name, () => parts.builder.images().remove(name, { force: booleanOf(query, 'force') }));
  // As the engine: of the image, whatever name was taken away.
  untagged.forEach(() => parts.events.tell('untag', image));
  for (const id of deleted) parts.events.tell('delete', id);
  return [...untagged.map((one) => ({ Untagged: familiarName(one) })), ...deleted.map((id) => ({ Deleted: id }))];
}

/** The engine's words and status: an ID with several names is removed by force alone. */
async function refuseSeveralNames({ builder }: ServerParts, name: string): Promise<void> {
  if (!/^(?:sha256:)?[0-9a-f]+$/.test(name)) return;
  const { id, names } = await withImage(name, () => builder.images().get(name));
  // A name can look like the beginning of an ID.
  if (names.length < 2 || !id.replace('sha256:', '').startsWith(name.replace('sha256:', ''))) return;
  throw new HttpError(409, `conflict: unable to delete ${shortId(id)} (must be forced) - image is referenced in multiple repositories`);
}

async function load(parts: ServerParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const signal = clientSignal(reply, parts.stopping);
  async function* messages(): AsyncGenerator<string> {
    try {
      for (const { id, names } of await parts.builder.images().load(detached(request.raw, parts.options.bodyWindow ?? BODY_WINDOW), { signal })) {
        parts.events.tell('load', id, names[0] === undefined ? id : familiarName(names[0]));
        const lines = names.length === 0 ? [`Loaded image ID: ${id}\n`] : names.map((name) => `Loaded image: ${familiarName(name)}\n`);
        yield* lines.map((stream) => encodeMessage({ stream }));
      }
    } catch (error) {
      yield encodeMessage(errorMessage(error));
    }
  }
  return reply.type('application/json').send(Readable.from(messages()));
}

function save(parts: ServerParts, names: readonly string[], reply: FastifyReply): Promise<FastifyReply> {
  if (names.length === 0) throw new HttpError(400, 'no image is named');
  return withImage(names.join(', '), () => saveImages(parts, names, reply));
}
