import type { ContainerConfig, HistoryEntry, ImageConfigFile } from '@strake/api';
import type { EngineHistoryEntry, EngineImage } from '../engine';

/** Fields that only containers have, or that only old engines still tell. */
const FOREIGN = new Set(['Hostname', 'Domainname', 'AttachStdin', 'AttachStdout', 'AttachStderr', 'Tty', 'OpenStdin', 'StdinOnce', 'Image', 'MacAddress', 'NetworkDisabled', 'StopTimeout']);

/** The config file of an engine's image, as far as the engine tells it. */
export function baseConfig(image: EngineImage, history: readonly EngineHistoryEntry[]): ImageConfigFile {
  const { Created, Author, Architecture, Variant, Os, RootFS: { Layers = [] } } = image;
  return {
    created: Created,
    ...(Author === '' ? {} : { author: Author }),
    architecture: Architecture,
    os: Os,
    ...(Variant === undefined || Variant === '' ? {} : { variant: Variant }),
    config: containerConfig(image.Config ?? {}),
    rootfs: { type: 'layers', diff_ids: Layers },
    history: baseHistory(history, Layers.length),
  };
}

function containerConfig(config: Readonly<Record<string, unknown>>): ContainerConfig {
  return Object.fromEntries(Object.entries(config).filter(([name, value]) => !FOREIGN.has(name) && !isEmpty(value)));
}

/** Engines write fields that an image does not have as nothing. */
const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '' || value === false;

/** What the engine says of entries: newest first, times in seconds, and no word of whether an entry has a layer. */
function baseHistory(history: readonly EngineHistoryEntry[], layers: number): readonly HistoryEntry[] {
  const oldest = [...history].reverse();
  const sure = oldest.filter(({ Size }) => Size > 0).length;
  let open = layers - sure;
  return oldest.map(({ Created, CreatedBy, Comment, Size }) => {
    const hasLayer = Size > 0 || (open > 0 && mayHaveLayer(CreatedBy) && (open -= 1) >= 0);
    return {
      created: new Date(Created * 1000).toISOString().replace('.000Z', 'Z'),
      ...(CreatedBy === '' ? {} : { created_by: CreatedBy }),
      ...(Comment === '' ? {} : { comment: Comment }),
      ...(hasLayer ? {} : { empty_layer: true }),
    };
  });
}

const mayHaveLayer = (createdBy: string): boolean => !/(?:#\(nop\)\s+|^)(?:ARG|CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|SHELL|STOPSIGNAL|USER|VOLUME)\b/.test(createdBy);
