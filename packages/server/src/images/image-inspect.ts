import type { ImageDetails } from 'strake';
import { imageReferences } from './image-references';

/** The answer of `GET /images/NAME/json` (Engine API, ImageInspect). Sizes are bytes. */
export function imageInspect({ id, size, manifest, config, layers, parent, ...named }: ImageDetails): Readonly<Record<string, unknown>> {
  return {
    Id: id,
    ...imageReferences(named),
    Parent: parent ?? '',
    Comment: config.history.at(-1)?.comment ?? '',
    Created: config.created ?? '0001-01-01T00:00:00Z',
    Container: '',
    ...containerConfigOf(config),
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

/** Of the image of an instruction: what it was made with. */
function containerConfigOf(config: ImageDetails['config']): Readonly<Record<string, unknown>> {
  const { container_config: ContainerConfig } = config as { readonly container_config?: unknown };
  return ContainerConfig === undefined ? {} : { ContainerConfig };
}
