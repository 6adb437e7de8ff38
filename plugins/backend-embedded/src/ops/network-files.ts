import { readFileSync } from 'node:fs';
import { splitHost } from '../check-extra-hosts';

/** What a program sees as /etc/hosts. `extraHosts` are `host:ip`; an IPv6 address may stand in brackets. */
export function hostsFile(hostname: string, extraHosts: readonly string[]): string {
  const own = [`127.0.0.1\tlocalhost ${hostname}`, '::1\tlocalhost ip6-localhost ip6-loopback'];
  const extra = extraHosts.map(splitHost).map(([host, address]) => `${address}\t${host}`);
  return `${[...own, ...extra].join('\n')}\n`;
}

const PLACES = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'];

/** What a program sees as /etc/resolv.conf: the machine's. Programs share the machine's network, so a local resolver is reached too. */
export function resolverFile(): string {
  for (const place of PLACES) {
    try {
      return readFileSync(place, 'utf8');
    } catch {
      continue;
    }
  }
  return '';
}
