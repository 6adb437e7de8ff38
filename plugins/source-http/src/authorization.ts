import type { SecretProvider } from '@strake/api';

/**
 * The `Authorization` header for a URL, by BuildKit's names of secrets: `HTTP_AUTH_TOKEN_<host>` is a bearer token and goes
 * before `HTTP_AUTH_HEADER_<host>`, a whole value. Without either, user and password of the URL itself.
 */
export async function authorizationFor(written: string, secrets: SecretProvider | undefined): Promise<string | undefined> {
  const url = new URL(written);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const token = await secrets?.get(`HTTP_AUTH_TOKEN_${host}`);
  if (token !== undefined) return `Bearer ${lineOf(token)}`;
  const header = await secrets?.get(`HTTP_AUTH_HEADER_${host}`);
  if (header !== undefined) return lineOf(header);
  if (url.username === '' && url.password === '') return undefined;
  return `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64')}`;
}

/** Files end with a line feed that is not meant. */
const lineOf = (secret: Buffer): string => secret.toString('utf8').replace(/[\r\n]+$/, '');
