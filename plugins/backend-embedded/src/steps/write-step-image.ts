import type { ContainerConfig, Digest, HistoryEntry, Image, Layer, Platform } from '@strake/api';
import { makeImage, openImage, type Store } from '@strake/oci';

/** What an image of an instruction is made of. */
export interface StepImageParts {
  readonly platform: Platform;
  readonly author?: string;
  readonly config: ContainerConfig;
  /** Absent for an image that another's history tells of. */
  readonly containerConfig?: ContainerConfig;
  /** The parent's layers. */
  readonly before: readonly Layer[];
  /** With what the instruction has changed. */
  readonly layers: readonly Layer[];
  /** The parent's history. */
  readonly history: readonly HistoryEntry[];
  /** The instruction's own entry, where it is known already. */
  readonly entry?: HistoryEntry;
}

/** The DiffID of a tar without entries. */
const NOTHING: Digest = 'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef';

/** Writes an image of an instruction into the store, as Docker's classic builder makes it: an instruction that changed no file leaves no layer. */
export function writeStepImage(store: Store, { platform, author, config, containerConfig, before, layers, history, entry }: StepImageParts): Image {
  const changed = layers.length > before.length && layers.at(-1)?.diffId !== NOTHING;
  const by = author === undefined ? {} : { author };
  const made = entry ?? { created: new Date().toISOString(), created_by: (containerConfig?.Cmd ?? []).join(' '), ...by, ...(changed ? {} : { empty_layer: true }) };
  const { os, architecture, variant } = platform;
  const file = {
    ...(made.created === undefined ? {} : { created: made.created }),
    ...by,
    architecture, os, config,
    ...(variant === undefined ? {} : { variant }),
    ...(containerConfig === undefined ? {} : { container_config: containerConfig }),
  };
  const image = makeImage({ config: file, history: [...history, made], layers: changed ? layers : before });
  store.blobs.write(image.configDescriptor.mediaType, image.configBytes);
  store.blobs.write(image.manifest.mediaType, image.manifestBytes);
  store.images.put(image.configDescriptor.digest, image.manifest);
  return openImage(store, image.manifest);
}
