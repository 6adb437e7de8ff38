import type { Descriptor, Platform } from '@strake/api';

/**
 * Of an index's entries the one for a platform: the nearest variant that runs there, as containerd's matcher has it (image-spec
 * image-index.md, "platform"). Without a variant ARM means v7 and ARM64 v8; ARM's and AMD64's higher variants run the lower
 * ones. Attestations and other artifacts are none. Of equals the first. Undefined when nothing fits.
 */
export function choosePlatform(manifests: readonly Descriptor[], platform: Platform): Descriptor | undefined {
  const entries = manifests.filter((one) => isForImages(one) && one.platform?.['os'] === platform.os);
  for (const { architecture, variant } of runnable(platform)) {
    const fitting = entries.filter((one) => one.platform?.['architecture'] === architecture && variantOf(architecture, one.platform['variant']) === variant);
    const found = fitting.find((one) => platform.osVersion === undefined || one.platform?.['os.version'] === platform.osVersion) ?? fitting[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether an entry of an index is an image: attestations and other artifacts lie beside them. */
export function isForImages({ annotations, platform, artifactType }: Descriptor & { readonly artifactType?: unknown }): boolean {
  return annotations?.['vnd.docker.reference.type'] === undefined && platform?.['os'] !== 'unknown' && artifactType === undefined;
}

/** `linux/arm/v7`, for messages: what an entry of an index says of itself. */
export function platformText({ platform = {} }: Descriptor): string {
  const { os, architecture, variant } = platform;
  return [os ?? 'unknown', architecture ?? 'unknown', ...(variant === undefined || variant === '' ? [] : [variant])].map(String).join('/');
}

interface Machine {
  readonly architecture: string;
  readonly variant: string;
}

/** What a machine runs, the best first. */
function runnable({ architecture, variant }: Platform): readonly Machine[] {
  const own = variantOf(architecture, variant);
  const level = Number(/^v(\d)$/.exec(own)?.[1] ?? 0);
  const least = architecture === 'arm' ? 5 : 1;
  const exact = { architecture, variant: own };
  if ((architecture !== 'arm' && architecture !== 'amd64') || level <= least) return [exact];
  return Array.from({ length: level - least + 1 }, (_, below) => ({ architecture, variant: `v${level - below}` }));
}

function variantOf(architecture: string, variant: unknown): string {
  if (typeof variant === 'string' && variant !== '') return variant;
  return { arm: 'v7', arm64: 'v8', amd64: 'v1' }[architecture] ?? '';
}
