import type { Socket } from 'node:net';
import { hungUp } from '@strake/syscalls';
import { descriptorOf } from './descriptor-of';

/** Milliseconds between two looks. */
const INTERVAL = 100;

/**
 * Ends connections whose client has gone while a body of theirs is unread. Nobody reads it until its turn comes, and to Node a connection that is not
 * read from has no end: the kernel is asked.
 */
export class HangUps {
  readonly #watched = new Map<Socket, number>();
  #timer: NodeJS.Timeout | undefined;

  /** Watches a connection until the function that is returned is called. */
  watch(socket: Socket): () => void {
    const fd = descriptorOf(socket);
    if (fd === undefined) return () => undefined;
    this.#watched.set(socket, fd);
    this.#timer ??= setInterval(() => this.#look(), INTERVAL).unref();
    return () => this.#forget(socket);
  }

  #forget(socket: Socket): void {
    this.#watched.delete(socket);
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    // A descriptor of a connection that was closed may be another's by now.
    for (const socket of this.#watched.keys()) if (socket.destroyed) this.#forget(socket);
    const sockets = [...this.#watched.keys()];
    const gone = ask([...this.#watched.values()]);
    for (const [index, socket] of sockets.entries()) if (gone[index] === true) socket.destroy();
  }
}

/** Another system than Linux tells nothing: there a client that goes is noticed when its turn comes. */
function ask(fds: readonly number[]): readonly boolean[] {
  try {
    return hungUp(fds);
  } catch {
    return [];
  }
}
