import { OperatorError } from '@strake/api';
import { spawn, type ChildProcess } from 'node:child_process';
import { pipeline, Readable } from 'node:stream';
import { damaged } from './damaged';

type Tool = 'bzip2' | 'xz' | 'zstd';

/** The Debian package of each tool. */
const PACKAGES: Readonly<Record<Tool, string>> = { bzip2: 'bzip2', xz: 'xz-utils', zstd: 'zstd' };

/** What a tool's failures are called. */
interface Failures {
  notStarted(cause: Error): Error;
  failed(): Error;
}

/** Decompresses through a program of the system. Throws UNSUPPORTED when it is not installed, IMAGE_INVALID when it fails. */
export function decompressedByTool(tool: Tool, source: AsyncIterable<Buffer>, shown: string): AsyncGenerator<Buffer, void, undefined> {
  return throughTool(tool, ['-dc'], source, {
    notStarted: (cause) => missing(tool, `${shown} is compressed by ${tool}, which cannot be started here`, cause),
    failed: () => damaged(tool, shown),
  });
}

/** Compresses through a program of the system. Throws UNSUPPORTED when it is not installed. */
export function compressedByTool(tool: Tool, args: readonly string[], source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  return throughTool(tool, args, source, {
    notStarted: (cause) => missing(tool, `compressing with ${tool} needs the program of that name, which cannot be started here`, cause),
    failed: () => new OperatorError('UNSUPPORTED', `${tool} ${args.join(' ')} failed`, { hint: 'Install a current version of it, or choose compression=gzip.' }),
  });
}

async function* throughTool(tool: Tool, args: readonly string[], source: AsyncIterable<Buffer>, failures: Failures): AsyncGenerator<Buffer, void, undefined> {
  // Of the environment only the path: XZ_DEFAULTS and its like must not change what is read. The working folder may be gone.
  const program = spawn(tool, args, { stdio: ['pipe', 'pipe', 'ignore'], cwd: '/', env: { PATH: process.env['PATH'] } });
  const ended = endOf(program);
  const fed = feed(source, program);
  try {
    for await (const chunk of program.stdout) yield chunk as Buffer;
    const end = await ended;
    if (end.notStarted !== undefined) throw failures.notStarted(end.notStarted);
    const failed = await fed;
    if (failed !== undefined) throw failed;
    if (end.exitCode !== 0) throw failures.failed();
  } finally {
    program.kill();
    program.stdin.destroy();
  }
}

/** Gives the source to the program; answers the source's own failure, if that is what ended it. */
async function feed(source: AsyncIterable<Buffer>, program: ReturnType<typeof spawn> & { readonly stdin: NodeJS.WritableStream }): Promise<Error | undefined> {
  const bytes = Readable.from(source);
  let failed: Error | undefined;
  bytes.once('error', (error) => (failed = error));
  return new Promise((resolve) => {
    // A program that stops reading is known by its exit code, not by the broken pipe.
    pipeline(bytes, program.stdin, () => resolve(failed));
  });
}

interface End {
  readonly notStarted?: Error;
  readonly exitCode?: number | null;
}

function endOf(program: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    program.once('error', (notStarted) => resolve({ notStarted }));
    program.once('close', (exitCode) => resolve({ exitCode }));
  });
}

function missing(tool: Tool, message: string, cause: Error): OperatorError {
  return new OperatorError('UNSUPPORTED', message, { hint: `Install it: apt-get install ${PACKAGES[tool]}.`, cause });
}
