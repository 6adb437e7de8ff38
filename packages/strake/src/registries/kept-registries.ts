import { OperatorError, type BackendImages } from '@strake/api';
import { loadImages, parseReference, type Store } from '@strake/oci';
import type { Registries } from './registries-types';

/** What the work is done with. */
export interface KeptParts {
  readonly images: BackendImages;
  /** What is pushed passes through it. */
  readonly store: () => Store;
}

/** Work with registries where the backend keeps images in a place of its own: what is pushed comes from there. Only the backend itself can pull into it. */
export function keptRegistries(rest: Registries, { images, store }: KeptParts): Registries {
  const cannotPull = (reference: string): never => {
    throw new OperatorError('UNSUPPORTED', 'the backend keeps its images itself, and nothing is pulled into it but what a build stands on', { hint: `Pull with its own client: docker pull ${reference}` });
  };
  return {
    ...rest,
    pull: async (reference) => cannotPull(reference),
    pullAllTags: async (repository) => cannotPull(repository),
    push: async (name, options = {}) => {
      const signal = options.signal ?? new AbortController().signal;
      const { id } = await images.get(options.source ?? name);
      await loadImages(store(), await images.save([id], signal), { names: false, signal });
      return rest.push(name, { ...options, source: id });
    },
    namesOf: async (repository) => {
      const { repository: wanted } = parseReference(repository);
      return (await images.list()).flatMap(({ names }) => names).filter((name) => parseReference(name).repository === wanted && parseReference(name).digest === undefined);
    },
  };
}
