import type { ImageDetails } from 'strake';
import { familiarName } from './familiar-name';

/** The answer of `GET /images/NAME/json` (Engine API, ImageInspect). Sizes are bytes. */
export function imageInspect({ id, names, size, manifest, config, layers }: ImageDetails): Readonly<Record<string, unknown>> {
  return {
    Id: id,
    RepoTags: names.map(familiarName),
    RepoDigests: [],
    Parent: '',
    Comment: config.history.at(-1)?.comment ?? '',
    Created: config.created ?? '0001-01-01T00:00:00Z',
    Container: '',
    DockerVersion: '',
    Author: config.author ?? '',
    Config: config.config,
    Architecture: config.architecture,
    ...(config.variant === undefined ? {} : { Variant: config.variant }),
    Os: config.os,
    Size: size,
    VirtualSize: size,
    GraphDriver: { Data: null, Name: 'strake' },
    RootFS: { Type: 'layers', Layers: layers.map(({ diffId }) => diffId) },
    Metadata: { LastTagTime: '0001-01-01T00:00:00Z' },
    Descriptor: manifest,
  };
}
