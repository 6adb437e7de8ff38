import { defineRule, goQuote, type Platform } from '@strake/api';

/** A base image for another system than the one that was asked for. */
export const invalidBaseImagePlatform = defineRule({
  name: 'InvalidBaseImagePlatform',
  description: 'Base image platform does not match expected target platform',
  file: ({ stages }) => stages.flatMap(({ node, image }) => {
    const { reference, platform, config } = image ?? {};
    if (reference === undefined || platform === undefined || config === undefined || config.rootfs.diff_ids.length === 0) return [];
    if (config.os === platform.os && config.architecture === platform.architecture) return [];
    const actual = goQuote(written(config));
    return [{ message: `Base image ${reference} was pulled with platform ${actual}, expected ${goQuote(written(platform))} for current build`, about: node }];
  }),
});

function written({ os, architecture, variant }: Pick<Platform, 'os' | 'architecture' | 'variant'>): string {
  const implied = (architecture === 'arm64' && variant === 'v8') || (architecture === 'amd64' && variant === 'v1');
  return [os, architecture, ...(variant && !implied ? [variant] : [])].join('/');
}
