import type { FastifyReply } from 'fastify';
import { encodeMessage, type JsonMessage } from '../build/json-messages';

/** Bytes that wait for a client that does not read. */
const MOST_UNREAD = 64 << 20;

/** A progress stream that begins with its first message: until then the answer can still be a status. */
export class MessageStream {
  readonly #reply: FastifyReply;
  #kept: JsonMessage[] | undefined;
  #begun = false;

  /** With `quiet` messages are kept back until `release`. */
  constructor(reply: FastifyReply, quiet = false) {
    this.#reply = reply;
    this.#kept = quiet ? [] : undefined;
  }

  /** Whether anything was to be told. */
  get used(): boolean {
    return this.#begun || (this.#kept?.length ?? 0) > 0;
  }

  write(message: JsonMessage): void {
    if (this.#kept !== undefined) {
      this.#kept.push(message);
      return;
    }
    this.#begin();
    const { raw } = this.#reply;
    raw.write(encodeMessage(message));
    // As if the client had gone away, which cancels what it is told of.
    if (raw.writableLength > MOST_UNREAD) raw.destroy();
  }

  /** Sends what was kept back, or with `forget` not even that; from now on all is sent. */
  release({ forget }: { readonly forget: boolean }): void {
    const kept = this.#kept ?? [];
    this.#kept = undefined;
    if (!forget) for (const message of kept) this.write(message);
  }

  /** Sends the head at once: a client may wait for it before anything happens. */
  open(): void {
    this.#begin();
    this.#reply.raw.flushHeaders();
  }

  end(): void {
    this.#begin();
    this.#reply.raw.end();
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    const headers = Object.entries(this.#reply.getHeaders()).map(([name, value]) => [name, String(value)] as const);
    this.#reply.hijack();
    this.#reply.raw.writeHead(200, { ...Object.fromEntries(headers), 'content-type': 'application/json' });
  }
}
