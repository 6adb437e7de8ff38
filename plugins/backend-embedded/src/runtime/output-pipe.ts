import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { makePipe } from '@strake/syscalls';

/** One output stream of a program: a real pipe, so that the program can open /dev/stdout. */
export interface OutputPipe {
  /** The end to give to the child. */
  readonly write: number;
  /** Closes our copy of `write`; to be called once the child has its own. */
  handOver(): void;
  /** Resolves when every writer has closed and all data was delivered. */
  readonly drained: Promise<void>;
}

/** Opens a pipe whose data goes to `sink` as it comes. */
export function openOutputPipe(sink: (data: Buffer) => void): OutputPipe {
  const { read, write } = makePipe();
  const socket = new Socket({ fd: read, readable: true, writable: false });
  socket.on('data', sink);
  const drained = new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => resolve());
  });
  return { write, handOver: () => closeSync(write), drained };
}
