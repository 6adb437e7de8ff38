import { OperatorError, type BackendImages } from '@strake/api';
import { formatReference, loadImages, parseReference, type Store } from '@strake/oci';
import type { PlatformOptions, PulledImage, Registries, RegistryOptions } from './registries-types';
import { untagged } from './untagged';

/** What the work is done with. */
export interface KeptParts {
  readonly images: BackendImages;
  /** What is pushed passes through it. */
  readonly store: () => Store;
}

/** Work with registries where the backend keeps images in a place of its own: what is pushed comes from there, and the backend pulls. */
export function keptRegistries(rest: Registries, { images, store }: KeptParts): Registries {
  return {
    ...rest,
    pull: async (reference, options = {}) => {
      const name = formatReference(parseReference(reference));
      const [pulled] = await pullInto(images, name, options);
      if (pulled === undefined) throw new OperatorError('REGISTRY_FAILED', `the backend does not say what it has pulled as ${name}`);
      return pulled;
    },
    pullAllTags: async (repository, options = {}) => {
      const pulled = await pullInto(images, untagged(repository), options);
      for (const image of pulled) options.onTag?.(image);
      return pulled;
    },
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

async function pullInto(images: BackendImages, reference: string, { insecure = [], allPlatforms = false, platform, signal, onMessage }: RegistryOptions & PlatformOptions): Promise<readonly PulledImage[]> {
  if (insecure.length > 0) throw new OperatorError('UNSUPPORTED', 'the backend asks registries itself, and knows which may be insecure', { hint: 'Say so in its own configuration: insecure-registries.' });
  if (allPlatforms) throw new OperatorError('UNSUPPORTED', 'the backend pulls the image of one platform');
  const pulled = await images.pull(reference, { signal: signal ?? new AbortController().signal, tell: (message) => onMessage?.(message), ...(platform === undefined ? {} : { platform }) });
  return pulled.map(({ name, digest, upToDate }) => ({ name, upToDate, manifest: { mediaType: MANIFEST, digest, size: 0 } }));
}

/** Of what it is, and how large, a backend says nothing. */
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
