import { OperatorError } from '@strake/api';

/** An address that the service gives out. Throws CACHE_FAILED for what is none, or is less safe than the service itself. */
export function signedUrl(text: string | undefined, service: URL): URL {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new OperatorError('CACHE_FAILED', `${service.host} gives an address that is none`);
  if (service.protocol === 'https:' && url.protocol === 'http:') throw new OperatorError('CACHE_FAILED', `${service.host} sends to ${url.host}, in plain HTTP`);
  return url;
}
