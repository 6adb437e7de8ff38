import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { makePipe } from '@strake/syscalls';

/** What a program reads. */
export interface InputPipe {
  /** The end to give to the child. */
  readonly read: number;
  /** Closes our copy of `read`, and begins to feed; to be called once the child has its own. */
  handOver(): void;
  /** Stops feeding. */
  close(): void;
}

/** Opens a pipe that is fed from `source`. A program that does not read to the end is no error. */
export function openInputPipe(source: Readable): InputPipe {
  const { read, write } = makePipe();
  const socket = new Socket({ fd: write, readable: false, writable: true });
  socket.on('error', () => undefined);
  return {
    read,
    handOver: () => {
      closeSync(read);
      source.pipe(socket);
    },
    close: () => {
      source.unpipe(socket);
      socket.destroy();
    },
  };
}
