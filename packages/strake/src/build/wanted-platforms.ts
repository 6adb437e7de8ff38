import type { Platform } from '@strake/api';
import { OperatorError, StrakeError } from '@strake/api';
import { formatPlatform, parsePlatform } from '@strake/core';
import type { BuildOptions } from './build-options';
import { hostPlatform } from '../prepare/host-platform';

/** The platforms of a build. */
export interface WantedPlatforms {
  /** Each once, in the order given; this machine's where none is. */
  readonly platforms: readonly Platform[];
  /** The result is an index: of several platforms, or because BUILDKIT_MULTI_PLATFORM says so. */
  readonly multiPlatform: boolean;
}

/** Reads the platforms that a build is asked for. Throws USAGE. */
export function wantedPlatforms({ platform, platforms, buildArgs = {} }: Pick<BuildOptions, 'platform' | 'platforms' | 'buildArgs'>): WantedPlatforms {
  const texts = platforms ?? (platform === undefined ? [] : [platform]);
  const parsed = texts.map(parse);
  const wanted = [...new Map((parsed.length === 0 ? [hostPlatform()] : parsed).map((one) => [formatPlatform(one), one])).values()];
  return { platforms: wanted, multiPlatform: wanted.length > 1 || /^(?:1|t|true)$/i.test(buildArgs['BUILDKIT_MULTI_PLATFORM'] ?? '') };
}

function parse(text: string): Platform {
  try {
    return parsePlatform(text);
  } catch (error) {
    throw error instanceof StrakeError ? new OperatorError('USAGE', error.message, { hint: 'Write os/architecture[/variant], for example linux/arm64.', cause: error }) : error;
  }
}
