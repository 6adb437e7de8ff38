import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { OperatorError, type SecretProvider } from '@strake/api';

/** Where one secret comes from: a file, a variable of the environment, a value, or a function that is asked when a program needs it. */
export type SecretSource =
  | { readonly file: string }
  | { readonly env: string }
  | { readonly value: string | Uint8Array }
  | (() => string | Uint8Array | undefined | Promise<string | Uint8Array | undefined>);

/** What sources are read with. */
export interface SecretOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The most that a secret may have, in bytes, as in BuildKit. */
const LARGEST = 500 * 1024;

/**
 * Secrets by id. A file must be there at once; it is read when a program needs it, and every source is asked at most once.
 * Throws USAGE for a file that is missing or too large.
 */
export function createSecrets(sources: Readonly<Record<string, SecretSource>>, options: SecretOptions): SecretProvider {
  for (const [id, source] of Object.entries(sources)) if ('file' in source) checkFile(id, resolve(options.cwd, source.file));
  const values = new Map<string, Promise<Buffer | undefined>>();
  return {
    get(id) {
      const source = Object.hasOwn(sources, id) ? sources[id] : undefined;
      if (source === undefined) return Promise.resolve(undefined);
      const value = values.get(id) ?? read(id, source, options);
      values.set(id, value);
      return value;
    },
  };
}

async function read(id: string, source: SecretSource, { cwd, env }: SecretOptions): Promise<Buffer | undefined> {
  const value = 'file' in source ? readFile(id, resolve(cwd, source.file)) : 'env' in source ? (env[source.env] ?? '') : 'value' in source ? source.value : await source();
  if (value === undefined) return undefined;
  const bytes = Buffer.from(value);
  if (bytes.length > LARGEST) throw tooLarge(id);
  return bytes;
}

function checkFile(id: string, file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw new OperatorError('USAGE', `the file of the secret ${id} does not exist: ${file}`, { hint: 'give --secret id=NAME,src=FILE, or id=NAME,env=VARIABLE' });
  if (stats.isDirectory()) throw new OperatorError('USAGE', `the file of the secret ${id} is a directory: ${file}`);
  if (stats.size > LARGEST) throw tooLarge(id);
}

function readFile(id: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new OperatorError('PERMISSION', `the file of the secret ${id} cannot be read: ${file}`, { cause: error });
  }
}

function tooLarge(id: string): OperatorError {
  return new OperatorError('USAGE', `the secret ${id} is larger than ${LARGEST} bytes`);
}
