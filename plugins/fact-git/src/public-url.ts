/** An address that may be told to everybody: without user, password, query and fragment; undefined for a path of this machine. */
export function publicUrl(written: string): string | undefined {
  // git@host:path: the user is the same for everybody.
  if (/^[\w.-]+@[\w.-]+:(?!\/\/)\S+$/.test(written)) return written;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || !['http:', 'https:', 'ssh:', 'git:', 'git+ssh:'].includes(url.protocol)) return undefined;
  const { protocol, host, pathname } = url;
  return `${protocol}//${host}${pathname}`;
}
