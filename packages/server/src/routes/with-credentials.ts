import type { CredentialProvider } from '@strake/api';
import type { Builder } from 'strake';
import { HttpError } from '../http/status-of';
import type { ServerParts } from './server-parts';

/**
 * Lends the builder of the server, or where a client has sent credentials one that has only those; what it knows of them, and the tokens that
 * it got with them, end with the request.
 */
export async function withCredentials<T>({ builder, options }: ServerParts, credentials: CredentialProvider | undefined, work: (builder: Builder) => Promise<T>): Promise<T> {
  if (credentials === undefined) return work(builder);
  if (options.builderWith === undefined) throw new HttpError(501, 'credentials of clients are not taken by this server');
  const own = await options.builderWith(credentials);
  try {
    return await work(own);
  } finally {
    await own.close();
  }
}
