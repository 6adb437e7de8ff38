import { formatPlatform, type Platform } from '@strake/api';
import { hostPlatform } from '../image/host-platform';

/** The folder of a platform's files where several are written, as buildx names it: `linux_arm64`. */
export function platformFolder(platform: Platform | undefined): string {
  return formatPlatform(platform ?? hostPlatform()).replaceAll('/', '_');
}
