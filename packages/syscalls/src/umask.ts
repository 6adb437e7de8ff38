import { bind } from './libc';

const nativeUmask = bind('unsigned int umask(unsigned int mask)');

/** umask(2) of the calling thread (after `enterPrivateMountNamespace`) or of the process; answers the mask before. */
export function setUmask(mask: number): number {
  return nativeUmask(mask);
}
