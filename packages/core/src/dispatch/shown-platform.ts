import type { Platform } from '@strake/api';
import { formatPlatform, parsePlatform } from './platform';

/** A stage's platform as BuildKit names it in steps: `linux/amd64`, and `linux/amd64->arm64` where the stage knows that it builds for another. */
export function shownPlatform(platform: Platform, variables: ReadonlyMap<string, string>): string {
  const target = targetOf(platform, variables);
  const own = formatPlatform(platform);
  if (target.os !== platform.os) return `${own}->${formatPlatform(target)}`;
  if (target.architecture === platform.architecture) return own;
  return `${own}->${formatPlatform(target).slice(target.os.length + 1)}`;
}

function targetOf({ os, architecture }: Platform, variables: ReadonlyMap<string, string>): Platform {
  const whole = variables.get('TARGETPLATFORM');
  const variant = variables.get('TARGETVARIANT');
  const parts = [variables.get('TARGETOS') || os, variables.get('TARGETARCH') || architecture, ...(variant ? [variant] : [])].join('/');
  try {
    return parsePlatform(whole || parts);
  } catch {
    return { os, architecture };
  }
}
