import { DockerfileError } from '@strake/api';

/** What `--checksum` promises. */
export interface Checksum {
  readonly algorithm: 'sha256' | 'sha384' | 'sha512';
  readonly hex: string;
}

const LENGTHS = { sha256: 64, sha384: 96, sha512: 128 } as const;

/** Reads `sha256:…`, `sha384:…`, `sha512:…`. Throws INVALID_FLAG. */
export function parseChecksum(text: string): Checksum {
  const [, algorithm = '', hex = ''] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  const problem = problemOf(algorithm, hex);
  if (problem === undefined) return { algorithm: algorithm as Checksum['algorithm'], hex };
  throw new DockerfileError('INVALID_FLAG', `${problem}: "${text}"`, { at: 'checksum', hint: 'write it as sha256:<64 hexadecimal digits>' });
}

function problemOf(algorithm: string, hex: string): string | undefined {
  if (algorithm === '') return 'invalid checksum digest format';
  if (!Object.hasOwn(LENGTHS, algorithm)) return 'unsupported digest algorithm';
  if (hex.length !== LENGTHS[algorithm as keyof typeof LENGTHS]) return 'invalid checksum digest length';
  return /^[0-9a-f]+$/.test(hex) ? undefined : 'invalid checksum digest format';
}
