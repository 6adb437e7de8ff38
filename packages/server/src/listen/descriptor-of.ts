import type { Socket } from 'node:net';

/** The file descriptor of a connection; undefined when it is closed. Node tells none in public. */
export function descriptorOf(socket: Socket): number | undefined {
  const { fd } = (socket as { readonly _handle?: { readonly fd?: number } | null })._handle ?? {};
  return fd === undefined || fd < 0 ? undefined : fd;
}
