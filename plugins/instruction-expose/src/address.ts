const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/** Whether a text is an IPv4 or IPv6 address (RFC 4291, section 2.2), maybe in square brackets. Zones are none. */
export function isAddress(text: string): boolean {
  const bare = /^\[(.*)\]$/s.exec(text)?.[1] ?? text;
  return IPV4.test(bare) || isIpv6(bare);
}

function isIpv6(text: string): boolean {
  const last = text.slice(text.lastIndexOf(':') + 1);
  // The last 32 bits may be written as IPv4: as good as two groups.
  const groups = IPV4.test(last) ? `${text.slice(0, -last.length)}0:0` : text;
  const halves = groups.split('::');
  if (halves.length > 2) return false;
  const parts = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  return parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part)) && (halves.length === 2 ? parts.length < 8 : parts.length === 8);
}
