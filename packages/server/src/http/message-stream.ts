import type { FastifyReply } from 'fastify';
import { encodeMessage, type JsonMessage } from '../build/json-messages';
import { Spool } from '../build/spool';

/** Bytes that wait for a client that does not read, and how long it may read nothing of them, in milliseconds. */
const MOST_UNREAD = 64 << 20;
const PATIENCE = 30_000;
/** Bytes given to the connection at once; others wait in the spool. */
const AHEAD = 1 << 20;

/** A progress stream that begins with its first message: until then the answer can still be a status. What waits is not held in memory, however much it is. */
export class MessageStream {
  readonly #reply: FastifyReply;
  readonly #spool: Spool;
  #keep: boolean;
  #begun = false;
  #ended = false;
  #taken = 0;

  /** With `quiet` messages are kept back until `release`. What waits is in `folder`. */
  constructor(reply: FastifyReply, folder: string, quiet = false) {
    this.#reply = reply;
    this.#spool = new Spool(folder);
    this.#keep = quiet;
    reply.raw.on('drain', () => this.#pump()).once('close', () => this.#spool.close());
  }

  /** Whether anything was to be told. */
  get used(): boolean {
    return this.#begun || this.#spool.size > 0;
  }

  write(message: JsonMessage): void {
    const { raw } = this.#reply;
    if (raw.destroyed) return;
    const bytes = Buffer.from(encodeMessage(message));
    if (!this.#keep) this.#begin();
    if (!this.#keep && this.#spool.size === 0 && raw.writableLength < AHEAD) {
      raw.write(bytes);
      return;
    }
    if (this.#spool.size === 0) this.#taken = performance.now();
    this.#spool.append(bytes);
    // As if the client had gone away, which cancels what it is told of.
    if (!this.#keep && this.#spool.size > MOST_UNREAD && performance.now() - this.#taken > PATIENCE) raw.destroy();
  }

  /** Sends what was kept back, or with `forget` not even that; from now on all is sent. */
  release({ forget }: { readonly forget: boolean }): void {
    if (!this.#keep) return;
    this.#keep = false;
    if (forget) this.#spool.close();
    else if (this.#spool.size > 0) this.#begin();
    this.#pump();
  }

  /** Sends the head at once: a client may wait for it before anything happens. */
  open(): void {
    this.#begin();
    this.#reply.raw.flushHeaders();
  }

  end(): void {
    this.#begin();
    this.#ended = true;
    this.#pump();
  }

  /** Gives the connection what it has room for. */
  #pump(): void {
    const { raw } = this.#reply;
    if (this.#keep || raw.destroyed) return;
    this.#taken = performance.now();
    while (raw.writableLength < AHEAD) {
      const bytes = this.#spool.take();
      if (bytes === undefined) break;
      raw.write(bytes);
    }
    if (this.#ended && this.#spool.size === 0) raw.end();
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    const headers = Object.entries(this.#reply.getHeaders()).map(([name, value]) => [name, String(value)] as const);
    this.#reply.hijack();
    this.#reply.raw.writeHead(200, { ...Object.fromEntries(headers), 'content-type': 'application/json' });
  }
}
