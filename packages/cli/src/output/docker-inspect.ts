import type { ImageDetails } from '../library';
import { familiarName } from './familiar-name';

/** An image as `docker image inspect` describes it (Engine API, ImageInspect), as far as a store knows it. */
export function dockerInspect({ id, names, size, manifest, config, layers }: ImageDetails): Readonly<Record<string, unknown>> {
  return {
    Id: id,
    RepoTags: names.map(familiarName),
    Descriptor: manifest,
    Created: config.created,
    Author: config.author,
    Config: config.config,
    Architecture: config.architecture,
    Variant: config.variant,
    Os: config.os,
    Size: size,
    RootFS: { Type: 'layers', Layers: layers.map((layer) => layer.diffId) },
  };
}
