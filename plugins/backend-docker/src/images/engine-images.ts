import type { Readable } from 'node:stream';
import { OperatorError, type BackendImages, type Digest, type KeptImage } from '@strake/api';
import { formatReference, parseReference } from '@strake/oci';
import { hasStatus, type EngineAccess, type EngineImage, type EngineImageSummary } from '../engine';
import { baseConfig } from '../image/base-config';
import { CACHE_LABEL } from '../mounts/volumes';
import { CACHE_REPOSITORY } from '../session/temporary';
import { readyImage } from './ready-image';
import type { AskCredential } from './registry-auth';

/** The images of an engine, for builds and for the commands about images. */
export function engineImages(access: EngineAccess, credential: AskCredential): BackendImages {
  const images = async () => (await access.get()).images;
  return {
    ready: async (reference, platform, options) => readyImage(reference, platform, options, { client: await access.get(options.signal), credential }),
    list: async () => (await (await images()).list()).map(summaryOf),
    get: async (reference) => {
      const image = await need(access, reference);
      const { created, architecture, os, variant, author, config, history } = baseConfig(image, await (await images()).history(image.Id));
      return {
        id: image.Id, names: namesOf(image.RepoTags), created, size: image.Size, architecture, os, config, history, diffIds: image.RootFS.Layers ?? [],
        ...(variant === undefined ? {} : { variant }), ...(author === undefined ? {} : { author }),
      };
    },
    tag: (reference, name) => tag(access, reference, name),
    remove: async (reference, { force }) => remove(access, reference, force),
    load: async (archive, signal) => load(access, archive, signal),
    save: async (references, signal) => (await images()).save(await Promise.all(references.map(async (reference) => (await need(access, reference)) && reference)), signal),
    prune: (options) => prune(access, options),
  };
}

async function need(access: EngineAccess, reference: string): Promise<EngineImage> {
  const image = await (await access.get()).images.inspect(reference);
  if (image === undefined) throw absent(reference);
  return image;
}

function absent(reference: string, cause?: unknown): OperatorError {
  return new OperatorError('IMAGE_MISSING', `there is no image ${reference} in the engine`, { hint: 'strake images --backend docker lists them', ...(cause === undefined ? {} : { cause }) });
}

async function tag(access: EngineAccess, reference: string, name: string): Promise<void> {
  const { repository, tag: wanted } = parseReference(name);
  try {
    await (await access.get()).images.tag(reference, repository, wanted ?? 'latest');
  } catch (error) {
    throw hasStatus(error, 404) ? absent(reference, error) : error;
  }
}

function summaryOf({ Id, RepoTags, Created, Size }: EngineImageSummary): KeptImage {
  return { id: Id, names: namesOf(RepoTags), created: new Date(Created * 1000).toISOString(), size: Size };
}

const namesOf = (tags: readonly string[] | null): readonly string[] => (tags ?? []).filter((name) => !name.startsWith('<none>')).map((name) => formatReference(parseReference(name)));

async function remove(access: EngineAccess, reference: string, force: boolean): Promise<{ readonly untagged: readonly string[]; readonly deleted: readonly Digest[] }> {
  await need(access, reference);
  try {
    const said = await (await access.get()).images.remove(reference, { force });
    return {
      untagged: said.flatMap(({ Untagged: name }) => (name === undefined || name.includes('@') ? [] : namesOf([name]))),
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
  const references = said.flatMap((line) => /^Loaded image(?: ID)?: (\S+)$/m.exec(line)?.slice(1) ?? []);
  return Promise.all(references.map(async (reference) => {
    const { Id, RepoTags } = await need(access, reference);
    return { id: Id, names: namesOf(RepoTags) };
  }));
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
