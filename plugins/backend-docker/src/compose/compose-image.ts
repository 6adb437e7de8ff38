import type { Digest, HistoryEntry, Image, ImageConfigFile } from '@strake/api';
import { makeImage, type Store } from '@strake/oci';
import { Readable } from 'node:stream';
import type { LayerFile } from '../copy/layer-tar';
import type { EngineClient, EngineImage } from '../engine';

/** An image that is to be made of layers that the engine has, but for the highest one where that is given. */
export interface ImageParts {
  readonly config: Omit<ImageConfigFile, 'rootfs' | 'history'>;
  readonly history: readonly HistoryEntry[];
  readonly layers: readonly Digest[];
  /** The image of the engine that has these layers, and may have more; null where there are none but the highest. */
  readonly from: EngineImage | null;
  readonly highest?: LayerFile;
}

/** An image that was put together: as the engine says it is, and as exporters want it. Its layers stay in the engine. */
export interface Composed {
  readonly made: EngineImage;
  readonly image: Image;
}

/** Puts an image together in the engine, unless it has it. */
export type Compose = (parts: ImageParts) => Promise<Composed>;

/** What images are put together with. */
export interface ComposeParts {
  readonly client: EngineClient;
  readonly store: Store;
  /** The folder of the records that are about this engine. */
  readonly records: string;
  /** Of what is made on the way. */
  readonly labels: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The config of an image, as it will be. Its digest is the image's ID but in engines with the store of containerd. */
export function describeImage({ config, history, layers }: Pick<ImageParts, 'config' | 'history' | 'layers'>): Pick<Image, 'config' | 'configBytes' | 'configDescriptor'> {
  const open = (): Readable => Readable.from([]);
  return makeImage({ config, history, layers: layers.map((diffId) => ({ diffId, descriptor: { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: diffId, size: 0 }, open })) });
}
