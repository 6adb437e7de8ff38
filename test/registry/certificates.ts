import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../engines/run';

/** An authority of the test's own, and a certificate that it has signed for this machine. */
export interface Certificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** Makes them in a folder with openssl. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): Promise<string> => mustRun(['openssl', ...args]);
  await openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test authority', '-keyout', at('ca.key'), '-out', at('ca.crt'));
  await openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', at('server.key'), '-out', at('server.csr'));
  writeFileSync(at('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  await openssl('x509', '-req', '-in', at('server.csr'), '-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', at('names'), '-out', at('server.crt'));
  return { authority: at('ca.crt'), certificate: at('server.crt'), key: at('server.key') };
}

/** Makes what Docker's clients want in a folder of certificates, signed by an authority that `makeCertificates` made in `authority`: `ca.pem`, `cert.pem`, `key.pem`. */
export async function makeClientCertificates(authority: string, folder: string): Promise<void> {
  const openssl = (...args: readonly string[]): Promise<string> => mustRun(['openssl', ...args]);
  const [key, request] = [join(folder, 'key.pem'), join(folder, 'request.pem')];
  mkdirSync(folder, { recursive: true });
  await openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=client', '-keyout', key, '-out', request);
  await openssl('x509', '-req', '-in', request, '-CA', join(authority, 'ca.crt'), '-CAkey', join(authority, 'ca.key'), '-CAcreateserial', '-days', '2', '-out', join(folder, 'cert.pem'));
  copyFileSync(join(authority, 'ca.crt'), join(folder, 'ca.pem'));
}
