import type { IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { checked, messageOf } from './answer-text';
import { newestOf, settledOn, speaks, type ApiVersion } from './api-version';
import { openConnection, type Connection, type EngineCall } from './connection';
import type { EngineAddress } from './engine-address';
import { connectionError, EngineError, pingError } from './engine-errors';

/** A request without the version in its path; `what` says for messages what it is for: `create a container`. `version` is another than the one that was settled on. */
export type Request = EngineCall & { readonly what: string; readonly version?: string };

/** A connection to one engine, with a version of the API that both know. */
export class Engine {
  readonly address: EngineAddress;
  /** `1.44` */
  readonly version: string;
  private readonly newest: ApiVersion;
  private readonly connection: Connection;

  private constructor(address: EngineAddress, newest: ApiVersion, connection: Connection) {
    this.address = address;
    this.newest = newest;
    this.version = settledOn(newest);
    this.connection = connection;
  }

  /** Loads dockerode, asks the engine for its version and settles on one. Throws ENGINE_UNREACHABLE, UNSUPPORTED. */
  static async connect(address: EngineAddress, signal?: AbortSignal, env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
    const connection = await openConnection(address, env);
    try {
      const response = await connection.dial({ method: 'GET', path: '/_ping', ...(signal === undefined ? {} : { signal }) });
      const body = await response.reduce((text: string, chunk: Buffer) => (text + chunk.toString()).slice(0, 500), '');
      if (response.statusCode !== 200) throw pingError(response.statusCode ?? 0, messageOf(Buffer.from(body)) ?? response.statusMessage ?? '', address);
      return new Engine(address, newestOf(response.headers['api-version'], address), connection);
    } catch (error) {
      connection.close();
      throw connectionError(error, address, signal);
    }
  }

  /** Whether it speaks a version of the API, be it newer than the one that was settled on: `1.48`. */
  speaks(version: string): boolean {
    return speaks(this.newest, version);
  }

  /** The answer, its body unread. Throws EngineError for a status that is an error, ENGINE_UNREACHABLE, CANCELLED. */
  async open({ what, path, version = this.version, ...call }: Request): Promise<IncomingMessage> {
    let response: IncomingMessage;
    try {
      response = await this.dial({ ...call, path: `/v${version}${path}` });
    } catch (error) {
      throw connectionError(error, this.address, call.signal);
    }
    const status = response.statusCode ?? 0;
    if (status < 400) return response;
    throw new EngineError(status, what, messageOf(await this.bodyOf(response, call.signal).catch(() => Buffer.alloc(0))) ?? `HTTP status ${status}`);
  }

  /** The answer as JSON; undefined for an empty one. */
  async json<T>(request: Request): Promise<T> {
    const body = await this.bytes(request);
    return (body.length === 0 ? undefined : JSON.parse(body.toString())) as T;
  }

  async bytes(request: Request): Promise<Buffer> {
    return this.bodyOf(await this.open(request), request.signal);
  }

  /** The messages of an answer that goes on: pull, load, build. Throws what they say went wrong. */
  async *messages<T extends { readonly error?: string }>(request: Request): AsyncGenerator<T, void, undefined> {
    const response = await this.open(request);
    let rest = '';
    try {
      for await (const chunk of response) {
        const lines = (rest + String(chunk)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line.trim() !== '') yield checked<T>(line, request.what);
      }
    } catch (error) {
      throw connectionError(error, this.address, request.signal);
    }
    if (rest.trim() !== '') yield checked<T>(rest, request.what);
  }

  /** Sends what a program reads over a connection that is no HTTP any more, and waits until the program closes it. */
  async converse(request: Request, input: Buffer): Promise<void> {
    const connection = await this.upgrade(request);
    try {
      connection.end(input);
      connection.resume();
      await finished(connection, { writable: false });
    } catch (error) {
      throw connectionError(error, this.address, request.signal);
    }
  }

  /** The connection itself, after a request for it. Throws what `open` does. */
  async upgrade({ what, path, ...call }: Request): Promise<Duplex> {
    let answer: unknown;
    try {
      answer = await this.connection.dial({ ...call, path: `/v${this.version}${path}`, upgrade: true });
    } catch (error) {
      throw connectionError(error, this.address, call.signal);
    }
    if (answer instanceof Duplex) return answer;
    const status = (answer as IncomingMessage).statusCode ?? 0;
    throw new EngineError(status, what, messageOf(await this.bodyOf(answer as IncomingMessage, call.signal)) ?? `HTTP status ${status}`);
  }

  close(): void {
    this.connection.close();
  }

  /** A connection that was kept may have ended unnoticed: what only asks is asked once more, as Go's client does. */
  private async dial(call: EngineCall): Promise<IncomingMessage> {
    try {
      return await this.connection.dial(call);
    } catch (error) {
      const isEnded = /^(?:ECONNRESET|EPIPE)$/.test((error as NodeJS.ErrnoException).code ?? '');
      if (!isEnded || !/^(?:GET|HEAD)$/.test(call.method) || call.signal?.aborted === true) throw error;
      return this.connection.dial(call);
    }
  }

  private async bodyOf(response: IncomingMessage, signal: AbortSignal | undefined): Promise<Buffer> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of response) chunks.push(chunk as Buffer);
    } catch (error) {
      throw connectionError(error, this.address, signal);
    }
    return Buffer.concat(chunks);
  }
}
