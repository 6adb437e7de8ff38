import type { Descriptor } from '@strake/api';
import { hostPlatform } from '../image/host-platform';
import { makeImage } from '../image/make-image';
import { openLayer } from '../image/open-layer';
import type { LayerRecord, Store } from '../store';
import type { Intake, TakenImage } from './intake';

/** Makes an image of one layer, a root file system's tar that is in the store. No time is in it: the same tar gives the same ID. */
export function takeRootfs(store: Store, intake: Intake, blob: Descriptor): TakenImage {
  const { digest: diffId, size } = blob;
  const record: LayerRecord = { diffId, size, blob };
  const image = makeImage({
    config: { ...hostPlatform(), config: {} },
    history: [{ created_by: 'strake load', comment: 'a root file system' }],
    layers: [openLayer(store, blob, diffId)],
  });
  intake.keep(image.configBytes, image.configDescriptor);
  intake.keep(image.manifestBytes, image.manifest);
  return { id: image.configDescriptor.digest, manifest: image.manifest, layers: [record] };
}
