import type { ImageDetails } from 'strake';
import { familiarName } from './familiar-name';
import type { Filters } from './filters';

/** The filters of a list of images that can be answered. */
export const IMAGE_FILTERS: readonly string[] = ['dangling', 'label', 'reference', 'before', 'since', 'until'];

/** What `before` and `since` name, as milliseconds since the epoch. */
export interface FilterTimes {
  readonly before?: number;
  readonly since?: number;
  readonly until?: number;
}

/** Whether an image is in a filtered list. Filters of one name: `label` wants all of them, `reference` any. */
export function matchesFilters(image: ImageDetails, filters: Filters, { before, since, until }: FilterTimes): boolean {
  const made = Date.parse(image.created ?? '') || 0;
  if (before !== undefined && made >= before) return false;
  if (since !== undefined && made <= since) return false;
  if (until !== undefined && made >= until) return false;
  const dangling = filters.get('dangling')?.some((value) => ['1', 'true'].includes(value));
  if (dangling !== undefined && dangling !== isDangling(image)) return false;
  const labels = image.config.config.Labels ?? {};
  if (!(filters.get('label') ?? []).every((wanted) => hasLabel(labels, wanted))) return false;
  return !filters.has('reference') || !isDangling(namesFor(image, filters));
}

/** Whether an image has no name, not even one by digest. */
export const isDangling = ({ names, digests = [] }: Pick<ImageDetails, 'names' | 'digests'>): boolean => names.length === 0 && digests.length === 0;

/** The names of an image that a list shows, also those by digest: those that `reference` wants. */
export function namesFor({ names, digests = [] }: Pick<ImageDetails, 'names' | 'digests'>, filters: Filters): Required<Pick<ImageDetails, 'names' | 'digests'>> {
  const patterns = filters.get('reference');
  const wanted = (all: readonly string[]): readonly string[] =>
    (patterns === undefined ? all : all.filter((name) => patterns.some((pattern) => matchesReference(familiarName(name).split('@', 1)[0] ?? '', pattern))));
  return { names: wanted(names), digests: wanted(digests) };
}

function hasLabel(labels: Readonly<Record<string, string>>, wanted: string): boolean {
  const [name = '', ...value] = wanted.split('=');
  return Object.hasOwn(labels, name) && (value.length === 0 || labels[name] === value.join('='));
}

/** `*` and `?` stand for anything but `/`; without a tag any tag matches. */
function matchesReference(name: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*').replaceAll('?', '[^/]');
  const withTag = /:[^/]*$/.test(pattern) ? '' : '(?::[^/]*)?';
  return new RegExp(`^${escaped}${withTag}$`).test(name);
}
