import type { Platform } from './digest';
import { DockerfileError } from './errors';

/** `linux/arm64/v8`, normalized: the variants that are the default are left out. Throws INVALID_FLAG. */
export function parsePlatform(text: string): Platform {
  if (text === '') throw new DockerfileError('INVALID_FLAG', 'empty platform value: a variable in it has no value');
  const parts = text.toLowerCase().split('/');
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9_.-]+$/.test(part))) throw new DockerfileError('INVALID_FLAG', `failed to parse platform ${text}`);
  const [os = '', architecture = 'amd64', variant] = parts;
  const names: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };
  const name = names[architecture] ?? architecture;
  const implied = (name === 'arm64' && variant === 'v8') || (name === 'amd64' && variant === 'v1');
  return { os, architecture: name, ...(variant === undefined || implied ? {} : { variant }) };
}

/** `os/architecture[/variant]` */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant ? [variant] : [])].join('/');
}
