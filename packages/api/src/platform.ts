import type { Platform } from './digest';
import { DockerfileError } from './errors';

const SYSTEMS = new Set('aix android darwin dragonfly freebsd hurd illumos ios js linux netbsd openbsd plan9 solaris wasip1 windows zos'.split(' '));
const ARCHITECTURES = new Set('386 amd64 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm'.split(' '));

/**
 * `linux/arm64/v8`, `linux` or `arm64`, normalized as containerd does: the variants that are the default are left out. What is left out is linux, or
 * amd64. Throws INVALID_FLAG.
 */
export function parsePlatform(text: string): Platform {
  if (text === '') throw new DockerfileError('INVALID_FLAG', 'empty platform value: a variable in it has no value');
  const parts = text.toLowerCase().split('/');
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9_.-]+$/.test(part))) throw new DockerfileError('INVALID_FLAG', `failed to parse platform ${text}`);
  const [os = '', architecture, variant] = parts;
  if (architecture !== undefined) return { os: systemOf(os), ...architectureOf(architecture, variant) };
  if (SYSTEMS.has(systemOf(os))) return { os: systemOf(os), architecture: 'amd64' };
  const alone = architectureOf(os, undefined);
  if (ARCHITECTURES.has(alone.architecture)) return { os: 'linux', ...alone };
  throw new DockerfileError('INVALID_FLAG', `failed to parse platform ${text}: unknown operating system or architecture`, { hint: 'write it as linux/amd64 or linux/arm64' });
}

const systemOf = (name: string): string => (name === 'macos' ? 'darwin' : name);

/** Names of the same architecture are one. */
function architectureOf(written: string, variant: string | undefined): Omit<Platform, 'os'> {
  const [name, own] = ({ x86_64: ['amd64'], 'x86-64': ['amd64'], aarch64: ['arm64'], i386: ['386'], armhf: ['arm'], armel: ['arm', 'v6'] } as Readonly<Record<string, readonly [string, string?]>>)[written] ?? [written];
  const given = /^[5-8]$/.test(variant ?? '') && name.startsWith('arm') ? `v${variant ?? ''}` : (variant ?? own);
  const implied = (name === 'arm64' && given === 'v8') || (name === 'amd64' && given === 'v1');
  return { architecture: name, ...(given === undefined || implied ? {} : { variant: given }) };
}

/** `os/architecture[/variant]` */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant ? [variant] : [])].join('/');
}
