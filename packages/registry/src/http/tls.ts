import { OperatorError } from '@strake/api';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { isInsecure } from '../config/endpoints';
import type { RegistriesConfig } from '../config/registries-config';

/** What a connection to a host is made with. */
export interface TlsOptions {
  readonly secureContext: SecureContext;
  readonly rejectUnauthorized: boolean;
}

const SYSTEM_BUNDLES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/ca-bundle.pem', '/etc/ssl/cert.pem'];

/**
 * Whom to trust for a host: the system's authorities, those of the configuration and of the certificate folders. A host that may be
 * insecure is not checked unless authorities are given for it. Throws CONFIG_INVALID for files that cannot be read.
 */
export function tlsFor(host: string, config: RegistriesConfig, env: NodeJS.ProcessEnv): TlsOptions {
  const folders = (config.certificateFolders ?? defaultFolders(env)).map((folder) => join(folder, host)).filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) => readdirSync(folder).sort().map((name) => join(folder, name)));
  const named = config.certificates?.[host];
  const own = [...(named === undefined ? [] : [named]), ...files.filter((file) => file.endsWith('.crt'))].map(readPem);
  const [cert] = files.filter((file) => file.endsWith('.cert'));
  const pair = cert === undefined ? {} : { cert: readPem(cert), key: readPem(cert.replace(/\.cert$/, '.key')) };
  try {
    const secureContext = createSecureContext({ ca: [...systemAuthorities(env), ...own], ...pair });
    return { secureContext, rejectUnauthorized: own.length > 0 || !isInsecure(host, config) };
  } catch (cause) {
    throw new OperatorError('CONFIG_INVALID', `the certificates for ${host} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function defaultFolders(env: NodeJS.ProcessEnv): readonly string[] {
  const home = env['HOME'] || homedir();
  return ['/etc/docker/certs.d', '/etc/containers/certs.d', join(home, '.docker/certs.d'), join(home, '.config/containers/certs.d')];
}

/** Node brings a list of its own, but what an administrator adds is in the system's. */
function systemAuthorities(env: NodeJS.ProcessEnv): readonly string[] {
  const file = env['SSL_CERT_FILE'] || SYSTEM_BUNDLES.find((path) => existsSync(path));
  const extra = env['NODE_EXTRA_CA_CERTS'];
  return [...(file === undefined || !existsSync(file) ? rootCertificates : [readPem(file)]), ...(extra === undefined || !existsSync(extra) ? [] : [readPem(extra)])];
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new OperatorError('CONFIG_INVALID', `the certificate ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
