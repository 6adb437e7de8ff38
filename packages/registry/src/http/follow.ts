import { OperatorError } from '@strake/api';
import type { RegistriesConfig } from '../config/registries-config';
import { isInsecure } from '../config/endpoints';
import { headerOf, type Call, type Reply, type Transport } from './transport';

const MOST_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Sends a request that only reads, and follows redirects. Another host, port or scheme gets no credentials. Throws REGISTRY_FAILED. */
export async function follow(transport: Transport, call: Call, config: RegistriesConfig): Promise<Reply> {
  let { url, headers = {} } = call;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
    const reply = await transport.send({ ...call, url, headers });
    const location = headerOf(reply, 'location');
    if (!REDIRECTS.has(reply.status) || location === undefined) return reply;
    await reply.body.dump();
    const next = locationOf(location, url, config);
    if (next.origin !== url.origin) headers = withoutCredentials(headers);
    url = next;
  }
  throw new OperatorError('REGISTRY_FAILED', `${call.url.host} redirects more than ${MOST_REDIRECTS} times`);
}

/** An address that a server sends us to, relative to where it was said. Throws REGISTRY_FAILED for what is none, or is less safe. */
export function locationOf(text: string, from: URL, config: RegistriesConfig): URL {
  const next = URL.canParse(text, from.href) ? new URL(text, from) : undefined;
  if (next === undefined || !/^https?:$/.test(next.protocol)) throw new OperatorError('REGISTRY_FAILED', `${from.host} sends to an address that is none`);
  // Behind a proxy that ends TLS many registries think that they are asked in plain HTTP.
  if (from.protocol === 'https:' && next.protocol === 'http:' && next.hostname === from.hostname) next.protocol = 'https:';
  if (from.protocol === 'https:' && next.protocol === 'http:' && !isInsecure(next.host, config)) {
    throw new OperatorError('REGISTRY_FAILED', `${from.host} sends to ${next.origin}, in plain HTTP`, { hint: `Add ${next.host} to the insecure registries if that is meant.` });
  }
  next.username = '';
  next.password = '';
  return next;
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
}
