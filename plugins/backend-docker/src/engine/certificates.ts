import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { OperatorError } from '@strake/api';
import type { EngineTls } from './engine-address';

/**
 * Reads `ca.pem`, `cert.pem` and `key.pem` of a folder that `from` named; undefined where none of them is. As with Docker's client the
 * authority has to be there when the engine is checked, and a certificate comes with its key. Throws CONFIG_INVALID.
 */
export function certificates(folder: string, from: string, verify: boolean): EngineTls | undefined {
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => read(join(folder, name)));
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  const lacking = verify && ca === undefined ? 'ca.pem' : cert === undefined && key !== undefined ? 'cert.pem' : key === undefined && cert !== undefined ? 'key.pem' : undefined;
  if (lacking !== undefined) throw missingIn(folder, from, lacking);
  return { verify, folder, ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
}

/** Looks whether certificates can be used, before anybody is asked. Throws CONFIG_INVALID. */
export function checkCertificates({ folder, ca, cert, key }: EngineTls): void {
  try {
    createSecureContext({ ca, cert, key });
  } catch (error) {
    const place = folder === undefined ? '' : ` in ${folder}`;
    throw new OperatorError('CONFIG_INVALID', `the certificates${place} cannot be used: ${(error as Error).message}`, { hint: 'ca.pem, cert.pem and key.pem are PEM, and key.pem belongs to cert.pem.', cause: error });
  }
}

/** What a folder of certificates lacks. */
export function missingIn(folder: string, from: string, name: string): OperatorError {
  return new OperatorError('CONFIG_INVALID', `there is no ${name} in ${folder} (of ${from})`, { hint: 'TLS wants ca.pem there, and cert.pem and key.pem where the engine asks for a client certificate.' });
}

function read(path: string): Buffer | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw new OperatorError('CONFIG_INVALID', `${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
