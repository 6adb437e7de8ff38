import { formatPlatform } from '@strake/api';
import type { Platform } from '@strake/api';

export { formatPlatform, parsePlatform } from '@strake/api';

/** The automatic build arguments. */
export function platformArguments(target: Platform, build: Platform, stage: string): ReadonlyMap<string, string> {
  const of = (prefix: string, platform: Platform): [string, string][] => [
    [`${prefix}PLATFORM`, formatPlatform(platform)], [`${prefix}OS`, platform.os], [`${prefix}OSVERSION`, platform.osVersion ?? ''],
    [`${prefix}ARCH`, platform.architecture], [`${prefix}VARIANT`, platform.variant ?? ''],
  ];
  return new Map([...of('BUILD', build), ...of('TARGET', target), ['TARGETSTAGE', stage]]);
}
