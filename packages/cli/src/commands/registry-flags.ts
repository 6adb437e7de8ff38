import type { FlagSpecs } from '../argv/flag';

/** The flags of every command that talks to registries. */
export const registryFlags = {
  'insecure-registry': { type: 'list', placeholder: 'host', summary: 'Registry that may speak plain HTTP, or have a certificate that nobody signed' },
} as const satisfies FlagSpecs;

/** Flags that choose images of one with several platforms. */
export const platformFlags = {
  platform: { type: 'string', placeholder: 'string', summary: 'Platform of an image that has several', complete: ['linux/amd64', 'linux/arm64', 'linux/arm/v7'] },
} as const satisfies FlagSpecs;

/** What docker has and strake does not need. */
export const trustFlags = {
  'disable-content-trust': { type: 'boolean', summary: '', refused: 'leave it out: content trust does not exist here' },
} as const satisfies FlagSpecs;
