import { isIndex, MAX_JSON_BYTES, MEDIA_TYPES, parseConfig, parseManifest } from '@strake/oci';
import { checkPlatform, type Asked } from '../pull/bring-image';
import type { FetchedManifest } from '../repository/read-manifest';
import type { ContentSource } from './content';

/** Refuses a single image that is for another platform than was asked for; an index has been chosen from. Throws IMAGE_MISSING. */
export async function checkRoot({ descriptor, bytes }: FetchedManifest, source: ContentSource, asked: Asked): Promise<void> {
  const parsed = parseManifest(bytes, descriptor.digest);
  if (isIndex(parsed)) return;
  const { config } = parsed;
  // Artifacts are for no platform.
  if (config.size > MAX_JSON_BYTES || (config.mediaType !== MEDIA_TYPES.config && config.mediaType !== MEDIA_TYPES.dockerConfig)) return;
  checkPlatform(asked, parseConfig(await source.read(config), `the image config ${config.digest}`));
}
