import type { Heredoc, LoweredOp } from '@strake/api';

/** The files that here-documents among the sources make, named by their words. */
export function heredocFiles(
  heredocs: readonly Heredoc[],
  destination: string,
  flags: { readonly chown?: string; readonly chmod?: string },
): readonly LoweredOp[] {
  return heredocs.map(({ name, content }) => ({
    type: 'mkfile',
    path: destination.endsWith('/') ? `${destination}${name}` : destination === '/' ? `/${name}` : destination,
    content,
    mode: flags.chmod === undefined ? 0o644 : parseInt(flags.chmod, 8),
    ...(flags.chown === undefined ? {} : { owner: flags.chown }),
  }));
}
