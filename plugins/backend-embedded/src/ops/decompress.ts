import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DockerfileError, OperatorError } from '@strake/api';

/** How an archive or a layer is compressed. */
export type Compression = 'gzip' | 'bzip2' | 'xz' | 'zstd';

/** The Debian package of each tool. */
const PACKAGES: Readonly<Record<Exclude<Compression, 'gzip'>, string>> = { bzip2: 'bzip2', xz: 'xz-utils', zstd: 'zstd' };

/** Decompresses a stream: gzip by Node itself, the others by the tool of their name. Throws UNSUPPORTED when that is not installed. */
export function decompress(compression: Compression, source: Readable, shown: string): AsyncIterable<Buffer> {
  if (compression === 'gzip') {
    const gunzip = createGunzip({ chunkSize: 1 << 18 });
    source.on('error', (error) => gunzip.destroy(error));
    return source.pipe(gunzip);
  }
  return throughTool(compression, source, shown);
}

async function* throughTool(compression: Exclude<Compression, 'gzip'>, source: Readable, shown: string): AsyncGenerator<Buffer> {
  const tool = spawn(compression, ['-dc'], { stdio: ['pipe', 'pipe', 'ignore'], cwd: '/' });
  const ended = once(tool, 'close').catch((error: unknown) => error);
  tool.stdin.on('error', () => undefined);
  source.pipe(tool.stdin);
  try {
    for await (const chunk of tool.stdout) yield chunk as Buffer;
    const end = await ended;
    if (end instanceof Error) throw missing(compression, shown);
    if (tool.exitCode !== 0) throw new DockerfileError('CONTEXT_INVALID', `"${shown}" is a damaged ${compression} archive`);
  } finally {
    source.destroy();
    tool.kill();
  }
}

function missing(tool: keyof typeof PACKAGES, shown: string): OperatorError {
  return new OperatorError('UNSUPPORTED', `"${shown}" is compressed by ${tool}, which is not installed here`, {
    hint: `apt-get install ${PACKAGES[tool]}, or use COPY if it is not to be unpacked`,
  });
}
