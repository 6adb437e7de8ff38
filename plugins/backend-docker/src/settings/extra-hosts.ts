import { isIP } from 'node:net';
import { OperatorError } from '@strake/api';

/** The address that the engine itself puts in: that of its own machine, as containers see it. */
const GATEWAY = 'host-gateway';

/** `db=10.0.0.1` and `db:[::1]` as the engine wants them: `db:10.0.0.1`, `db:::1`. Throws USAGE for what is no `host:ip`. */
export function hostPair(pair: string): string {
  const at = Math.max(pair.search(/[:=]/), 0);
  const host = pair.slice(0, at);
  const address = pair.slice(at + 1).replace(/^\[(.*)\]$/, '$1');
  if (host === '' || /\s/.test(host) || (address !== GATEWAY && isIP(address) === 0)) throw new OperatorError('USAGE', `invalid extra host ${JSON.stringify(pair)}`, { hint: `the format is host:ip, or host:${GATEWAY}` });
  return `${host}:${address}`;
}
