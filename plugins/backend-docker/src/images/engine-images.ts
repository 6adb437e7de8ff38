import type { Readable } from 'node:stream';
import { OperatorError, type BackendImages, type Digest, type KeptImportOptions } from '@strake/api';
import { parseReference } from '@strake/oci';
import { hasStatus, type EngineAccess, type EngineImage } from '../engine';
import { CACHE_LABEL } from '../mounts/volumes';
import { CACHE_REPOSITORY } from '../session/temporary';
import { detailsOf, isOwn, namesOf, summaryOf } from './kept-image';
import { pullImage } from './pull-image';
import { readyImage } from './ready-image';
import type { AskCredential } from './registry-auth';

/** The images of an engine, for builds and for the commands about images. */
export function engineImages(access: EngineAccess, credential: AskCredential): BackendImages {
  const images = async () => (await access.get()).images;
  return {
    ready: async (reference, platform, options) => readyImage(reference, platform, options, { client: await access.get(options.signal), credential }),
    list: async () => {
      const listed = await (await images()).list({ all: true });
      const parents = new Set(listed.map(({ ParentId }) => ParentId));
      return listed.map((image) => summaryOf(image, parents));
    },
    get: async (reference) => {
      const image = await need(access, reference);
      try {
        return detailsOf(image, await (await images()).history(image.Id));
      } catch (error) {
        // Somebody removed it in between.
        throw hasStatus(error, 404) ? absent(reference, error) : error;
      }
    },
    pull: async (reference, options) => pullImage(reference, options, { client: await access.get(options.signal), credential }),
    tag: (reference, name) => tag(access, reference, name),
    remove: async (reference, { force }) => remove(access, reference, force),
    load: async (archive, signal) => load(access, archive, signal),
    import: async (archive, options) => importImage(access, archive, options),
    save: async (references, signal) => (await images()).save(await Promise.all(references.map(async (reference) => (await need(access, reference)) && reference)), signal),
    prune: (options) => prune(access, options),
  };
}

async function need(access: EngineAccess, reference: string): Promise<EngineImage> {
  const image = await (await access.get()).images.inspect(reference);
  if (image === undefined) throw absent(reference);
  return image;
}

const absent = (reference: string, cause?: unknown): OperatorError => new OperatorError('IMAGE_MISSING', `there is no image ${reference} in the engine`, { hint: 'strake images --backend docker lists them', ...(cause === undefined ? {} : { cause }) });

async function tag(access: EngineAccess, reference: string, name: string): Promise<void> {
  const { repository, tag: wanted } = parseReference(name);
  try {
    await (await access.get()).images.tag(reference, repository, wanted ?? 'latest');
  } catch (error) {
    throw hasStatus(error, 404) ? absent(reference, error) : error;
  }
}

async function remove(access: EngineAccess, reference: string, force: boolean): Promise<{ readonly untagged: readonly string[]; readonly deleted: readonly Digest[] }> {
  const { Id, RepoTags } = await need(access, reference);
  const { images } = await access.get();
  try {
    // By its ID the image is meant, and no name of ours keeps it.
    if (/^(?:sha256:)?[0-9a-f]+$/.test(reference) && Id.includes(reference)) {
      for (const name of (RepoTags ?? []).filter((one) => isOwn(namesOf([one])) && !isOwn(namesOf(RepoTags)))) await images.remove(name, { prune: false });
    }
    const said = await images.remove(reference, { force });
    return {
      untagged: said.flatMap(({ Untagged: name }) => (name === undefined ? [] : namesOf([name]))),
      deleted: said.flatMap(({ Deleted: id }) => (id === undefined ? [] : [id as Digest])),
    };
  } catch (error) {
    if (hasStatus(error, 409)) throw new OperatorError('USAGE', `the image ${reference} cannot be removed: ${error.said}`, { hint: 'With --force all its names go.', cause: error });
    throw error;
  }
}

async function load(access: EngineAccess, archive: Readable, signal: AbortSignal): Promise<readonly { readonly id: Digest; readonly names: readonly string[] }[]> {
  const { images } = await access.get(signal);
  const said = await images.load(archive, signal);
  const loaded = new Map<Digest, string[]>();
  for (const [, id, reference = ''] of said.flatMap((line) => [...line.matchAll(/^Loaded image( ID)?: (\S+)$/gm)])) {
    const { Id } = await need(access, reference);
    loaded.set(Id, [...(loaded.get(Id) ?? []), ...(id === undefined ? namesOf([reference]) : [])]);
  }
  return [...loaded].map(([id, names]) => ({ id, names }));
}

async function importImage(access: EngineAccess, archive: Readable, { name, ...options }: KeptImportOptions): Promise<Digest> {
  const { images } = await access.get(options.signal);
  const { repository, tag } = name === undefined ? {} : parseReference(name);
  try {
    const id = await images.import(archive, { ...options, ...(repository === undefined ? {} : { repository, tag: tag ?? 'latest' }) });
    if (id === undefined) throw new OperatorError('ENGINE_FAILED', 'the engine does not say what it has imported');
    return id;
  } catch (error) {
    throw hasStatus(error, 400) ? new OperatorError('USAGE', error.said, { cause: error }) : error;
  }
}

/** What builds keep to begin with, and with `all` images without a name and the caches of RUN. */
async function prune(access: EngineAccess, { all, dryRun }: { readonly all: boolean; readonly dryRun: boolean }): Promise<{ readonly deleted: readonly string[]; readonly reclaimed: number }> {
  const { images, volumes } = await access.get();
  const kept = await images.list({ filters: { reference: [CACHE_REPOSITORY] } });
  const nameless = all ? await images.list({ filters: { dangling: ['true'] } }) : [];
  const deleted: string[] = [];
  let reclaimed = 0;
  for (const { Id, Size, RepoTags } of [...kept, ...nameless]) {
    const own = (RepoTags ?? []).filter((name) => name.startsWith(`${CACHE_REPOSITORY}:`));
    if (!dryRun && !(await removed(access, own, Id))) continue;
    deleted.push(Id);
    reclaimed += Size;
  }
  // An engine tells the size of a volume only with that of everything else.
  for (const { Name } of all ? await volumes.list(CACHE_LABEL) : []) if (dryRun || (await volumes.remove(Name))) deleted.push(Name);
  return { deleted, reclaimed };
}

/** Takes our names away, and the image with the last of them; false where something uses it. */
async function removed(access: EngineAccess, names: readonly string[], id: Digest): Promise<boolean> {
  const { images } = await access.get();
  try {
    for (const name of names.length > 0 ? names : [id]) await images.remove(name);
    return true;
  } catch (error) {
    if (hasStatus(error, 404, 409)) return false;
    throw error;
  }
}
