import type { Digest, Platform, ResolvedImage } from '@strake/api';

const NOTHING: Digest = `sha256:${'0'.repeat(64)}`;

/** An empty image in place of one that was not to be had: enough to go on looking at a file, never to build. */
export function standInImage(reference: string, platform: Platform): ResolvedImage {
  const { os, architecture, variant } = platform;
  const config = { os, architecture, ...(variant === undefined ? {} : { variant }), config: {}, rootfs: { type: 'layers' as const, diff_ids: [] }, history: [] };
  return { reference: `${reference}@${NOTHING}`, digest: NOTHING, config, platform };
}

/** Whether an image is a stand-in. */
export function isStandIn({ digest }: ResolvedImage): boolean {
  return digest === NOTHING;
}
