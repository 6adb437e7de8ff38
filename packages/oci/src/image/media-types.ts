/** Media types that strake writes and reads: OCI's, and Docker's for the same things. */
export const MEDIA_TYPES = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  layerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  layerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  dockerLayerZstd: 'application/vnd.docker.image.rootfs.diff.tar.zstd',
} as const;

const PAIRS: readonly (readonly [oci: string, docker: string])[] = [
  [MEDIA_TYPES.manifest, MEDIA_TYPES.dockerManifest],
  [MEDIA_TYPES.index, MEDIA_TYPES.dockerIndex],
  [MEDIA_TYPES.config, MEDIA_TYPES.dockerConfig],
  [MEDIA_TYPES.layer, MEDIA_TYPES.dockerLayer],
  [MEDIA_TYPES.layerGzip, MEDIA_TYPES.dockerLayerGzip],
  [MEDIA_TYPES.layerZstd, MEDIA_TYPES.dockerLayerZstd],
];

/** The name of a media type in OCI's or in Docker's family; of one that is in neither, itself. */
export function retyped(mediaType: string, docker: boolean): string {
  const pair = PAIRS.find((names) => names.includes(mediaType));
  return pair === undefined ? mediaType : pair[docker ? 1 : 0];
}

export function isDockerType(mediaType: string): boolean {
  return PAIRS.some(([, docker]) => docker === mediaType);
}

/** What a layer's media type says of its compression. */
export function compressionOfType(mediaType: string): 'none' | 'gzip' | 'zstd' {
  const found = /[+.](gzip|zstd)$/.exec(mediaType)?.[1];
  return found === 'gzip' || found === 'zstd' ? found : 'none';
}

/** Whether a layer's media type says that it is compressed. */
export function isCompressedType(mediaType: string): boolean {
  return compressionOfType(mediaType) !== 'none';
}

/** OCI's media type of a layer. */
export function layerType(compression: 'none' | 'gzip' | 'zstd'): string {
  return { none: MEDIA_TYPES.layer, gzip: MEDIA_TYPES.layerGzip, zstd: MEDIA_TYPES.layerZstd }[compression];
}
