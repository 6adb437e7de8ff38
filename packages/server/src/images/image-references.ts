import type { ImageSummary } from 'strake';
import { familiarName } from './familiar-name';

/** The names of an image as the Engine API tells them: those by digest apart, also of an image that was pulled by one. */
export function imageReferences({ names, digests = [] }: Pick<ImageSummary, 'names' | 'digests'>): { readonly RepoTags: readonly string[]; readonly RepoDigests: readonly string[] } {
  const pinned = names.filter((name) => name.includes('@'));
  return { RepoTags: names.filter((name) => !name.includes('@')).map(familiarName), RepoDigests: [...new Set([...digests, ...pinned])].map(familiarName) };
}
