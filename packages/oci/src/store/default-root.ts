import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the store is when nobody says: `STRAKE_STORE`, else /var/lib/strake for root, else under the XDG data folder. */
export function defaultStoreRoot(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env['STRAKE_STORE']) return env['STRAKE_STORE'];
  if (process.getuid?.() === 0) return '/var/lib/strake';
  const data = env['XDG_DATA_HOME'];
  return join(data?.startsWith('/') === true ? data : join(homedir(), '.local', 'share'), 'strake');
}
