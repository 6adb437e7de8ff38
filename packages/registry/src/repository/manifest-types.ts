import { MEDIA_TYPES } from '@strake/oci';

/** What we take for a manifest. */
export const MANIFEST_TYPES: readonly string[] = [MEDIA_TYPES.index, MEDIA_TYPES.dockerIndex, MEDIA_TYPES.manifest, MEDIA_TYPES.dockerManifest];

/** Docker's first format: no config, names and signatures inside. Nothing makes it any more. */
export const isOldManifest = (type: string): boolean => /^application\/vnd\.docker\.distribution\.manifest\.v1\+/.test(type);
