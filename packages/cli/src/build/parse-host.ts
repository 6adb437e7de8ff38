import { isIP } from 'node:net';
import { UsageError } from '../argv/usage-error';

/** Reads one `--add-host`: `host:ip` or `host=ip`, an IPv6 address with or without brackets. Gives `host:ip`. Throws UsageError. */
export function parseHost(command: string, text: string): string {
  const separator = text.search(/[:=]/);
  const host = text.slice(0, Math.max(separator, 0));
  const address = text.slice(separator + 1).replace(/^\[(.*)\]$/, '$1');
  if (host === '') throw new UsageError(command, `invalid value "${text}" for --add-host`, 'the format is host:ip');
  // Whether there is one is for the backend to say.
  if (address !== 'host-gateway' && isIP(address) === 0) throw new UsageError(command, `invalid value "${text}" for --add-host: "${address}" is not an IP address`, 'the format is host:ip');
  return `${host}:${address}`;
}
