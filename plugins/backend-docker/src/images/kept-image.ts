import type { Digest, KeptImage, KeptImageDetails } from '@strake/api';
import { formatReference, parseReference } from '@strake/oci';
import type { EngineHistoryEntry, EngineImage, EngineImageSummary } from '../engine';
import { baseConfig } from '../image/base-config';
import { CACHE_REPOSITORY } from '../session/temporary';

/** An image of a list; `parents` are those that others were made on. */
export function summaryOf({ Id, RepoTags, RepoDigests, Created, Size, ParentId }: EngineImageSummary, parents: ReadonlySet<string>): KeptImage {
  const named = { id: Id, ...namedAs({ RepoTags, RepoDigests }), created: new Date(Created * 1000).toISOString(), size: Size, ...parentOf(ParentId) };
  const nameless = named.names.length === 0 && named.digests.length === 0;
  return (nameless && parents.has(Id)) || isOwn(named.names) ? { ...named, intermediate: true } : named;
}

/** All that an engine tells of an image and, newest first, of its history. */
export function detailsOf(image: EngineImage, told: readonly EngineHistoryEntry[]): KeptImageDetails {
  const { created, architecture, os, variant, author, config, history, rootfs: { diff_ids: diffIds } } = baseConfig(image, told);
  const sizes = [...told].reverse().filter((_, at) => history[at]?.empty_layer !== true).map(({ Size }) => Size);
  return {
    id: image.Id, ...namedAs(image), created, size: image.Size, architecture, os, config, history, ...parentOf(image.Parent),
    layers: diffIds.map((diffId, at) => ({ diffId, size: sizes[at] ?? 0 })),
    ...(variant === undefined ? {} : { variant }), ...(author === undefined ? {} : { author }), ...(image.ContainerConfig === undefined ? {} : { containerConfig: image.ContainerConfig }),
  };
}

const parentOf = (id: string): { readonly parent?: Digest } => (id === '' ? {} : { parent: id as Digest });

/** Names that people gave; those of ours alone where there are no others. */
function namedAs({ RepoTags, RepoDigests }: Pick<EngineImageSummary, 'RepoTags' | 'RepoDigests'>): Required<Pick<KeptImage, 'names' | 'digests'>> {
  const all = namesOf(RepoTags);
  const given = all.filter((name) => !isOwn([name]));
  return { names: given.length === 0 ? all : given, digests: namesOf(RepoDigests) };
}

/** Whether builds gave the names, to find the image again. */
export const isOwn = (names: readonly string[]): boolean => names.length > 0 && names.every((name) => parseReference(name).repository === OWN_REPOSITORY);

const OWN_REPOSITORY = parseReference(CACHE_REPOSITORY).repository;

/** Normalised. */
export const namesOf = (tags: readonly string[] | null): readonly string[] => (tags ?? []).filter((name) => !name.startsWith('<none>')).map((name) => formatReference(parseReference(name)));
