import { isIP } from 'node:net';
import { OperatorError } from '@strake/api';

/** Refuses `host:ip` pairs that /etc/hosts cannot hold, before anything runs. Throws USAGE; UNSUPPORTED for Docker's `host-gateway`. */
export function checkExtraHosts(pairs: readonly string[]): void {
  for (const pair of pairs) {
    const [host, address] = splitHost(pair);
    if (address === 'host-gateway') {
      throw new OperatorError('UNSUPPORTED', `the host ${host} cannot be given the address host-gateway`, { hint: 'programs share the network of this machine: give 127.0.0.1' });
    }
    if (host === '' || /\s/.test(host) || isIP(address) === 0) throw new OperatorError('USAGE', `invalid extra host ${JSON.stringify(pair)}`, { hint: 'the format is host:ip' });
  }
}

/** Host and address of a pair: `db:10.0.0.1`, `db=10.0.0.1`, `db:::1`, `db:[::1]`. */
export function splitHost(pair: string): readonly [host: string, address: string] {
  const at = pair.search(/[:=]/);
  return at < 0 ? ['', pair] : [pair.slice(0, at), pair.slice(at + 1).replace(/^\[(.*)\]$/, '$1')];
}
