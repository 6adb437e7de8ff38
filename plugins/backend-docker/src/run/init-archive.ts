import { encodeHeader } from '@strake/oci';
import { INIT_PROGRAMS } from './init/init-programs';

/** Where the first process of a container lies until it starts: it removes its own file, so that no layer has it. */
export const INIT_PATH = '/.strake-init';

/** The program of a running container's first process, for what an image may have no program for. */
export const INIT_RUNNING = '/proc/1/exe';

/** Architectures, as images name them, that there is such a program for. */
export const hasInit = (architecture: string): boolean => INIT_PROGRAMS[architecture] !== undefined;

/** A tar, relative to the root, that brings the program. */
export function initArchive(architecture: string): Buffer {
  const program = Buffer.from(INIT_PROGRAMS[architecture] ?? '', 'base64');
  const header = encodeHeader({ path: Buffer.from(INIT_PATH.slice(1)), type: 'file', mode: 0o755, uid: 0, gid: 0, size: program.length, mtime: 0n });
  return Buffer.concat([header, program, Buffer.alloc((512 - (program.length % 512)) % 512), Buffer.alloc(1024)]);
}
