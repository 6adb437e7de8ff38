import { OperatorError } from '@strake/api';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pipeline, Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import type { ByteSource } from './decompressed';
import { compressedByTool } from './through-tool';

type MakeZstd = (options: { readonly chunkSize: number; readonly params: Readonly<Record<number, number>> }) => Transform;

/** ZSTD_c_compressionLevel. */
const LEVEL_PARAMETER = 100;

/** Compresses with zstd: in this process where Node can (22.15 or newer), else by the program. `level` is 1 to 22. Throws UNSUPPORTED. */
export function zstdCompressed(source: ByteSource, level: number): AsyncGenerator<Buffer, void, undefined> {
  const make = nativeZstd();
  if (make !== undefined) return throughNode(source, make({ chunkSize: 1 << 18, params: { [LEVEL_PARAMETER]: level } }));
  return compressedByTool('zstd', ['-q', '-c', '-T0', ...(level > 19 ? ['--ultra'] : []), `-${level}`], Readable.from(source));
}

/** Refuses zstd where nothing can do it. Throws UNSUPPORTED. */
export function checkZstd(env: NodeJS.ProcessEnv = process.env): void {
  if (nativeZstd() !== undefined || isInstalled('zstd', env)) return;
  throw new OperatorError('UNSUPPORTED', 'compression=zstd needs Node 22.15 or the program zstd, and neither is here', {
    hint: 'Install it (apt-get install zstd), or choose compression=gzip.',
  });
}

function nativeZstd(): MakeZstd | undefined {
  return (zlib as { readonly createZstdCompress?: MakeZstd }).createZstdCompress;
}

async function* throughNode(source: ByteSource, zstd: Transform): AsyncGenerator<Buffer, void, undefined> {
  pipeline(Readable.from(source), zstd, () => undefined);
  for await (const chunk of zstd) yield chunk as Buffer;
}

function isInstalled(program: string, env: NodeJS.ProcessEnv): boolean {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
