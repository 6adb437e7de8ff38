import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { OperatorError } from '@strake/api';
import { demultiplex } from '../engine';

/** Of a frame: the client, and how much it says. */
const HEAD = 3;
const LONGEST = 0xffff;
/** The client of the frame that says that somebody listens. */
const READY = 255;

/** Carries what the clients of a socket in a container say to an agent of this machine, over the connection to a program of ours there. */
export class AgentRelay {
  private readonly stream: Duplex;
  private readonly agent: string;
  private readonly clients = new Map<number, Socket>();
  private rest = Buffer.alloc(0);
  private told: () => void = () => undefined;

  private constructor(stream: Duplex, agent: string) {
    this.stream = stream;
    this.agent = agent;
  }

  /** Resolves when the socket is there. Throws ENGINE_FAILED. */
  static async open(stream: Duplex, agent: string, signal: AbortSignal): Promise<AgentRelay> {
    const relay = new AgentRelay(stream, agent);
    const ready = new Promise<void>((resolve) => (relay.told = resolve));
    const said: Buffer[] = [];
    const over = demultiplex(stream, (output, data) => (output === 1 ? relay.take(data) : void said.push(data)));
    const ended = over.then(() => Promise.reject(new OperatorError('ENGINE_FAILED', `no socket for an SSH agent could be made in a container: ${Buffer.concat(said).toString().trim() || 'the path may be too long, or taken'}`)));
    ended.catch(() => relay.close());
    try {
      signal.throwIfAborted();
      await Promise.race([ready, ended]);
      return relay;
    } catch (error) {
      relay.close();
      throw error;
    }
  }

  close(): void {
    for (const client of this.clients.values()) client.destroy();
    this.clients.clear();
    this.stream.destroy();
  }

  private take(data: Buffer): void {
    this.rest = Buffer.concat([this.rest, data]);
    while (this.rest.length >= HEAD) {
      const number = this.rest.readUInt8(0);
      const length = this.rest.readUInt16LE(1);
      if (this.rest.length < HEAD + length) return;
      const content = Buffer.from(this.rest.subarray(HEAD, HEAD + length));
      this.rest = this.rest.subarray(HEAD + length);
      if (number === READY) this.told();
      else this.pass(number, content);
    }
  }

  private pass(number: number, content: Buffer): void {
    if (content.length === 0) {
      this.clients.get(number)?.end();
      this.clients.delete(number);
      return;
    }
    const client = this.clients.get(number) ?? this.begin(number);
    client.write(content);
  }

  private begin(number: number): Socket {
    const client = connect(this.agent);
    this.clients.set(number, client);
    client.on('data', (data) => {
      if (this.clients.get(number) !== client) return;
      for (let at = 0; at < data.length; at += LONGEST) this.send(number, data.subarray(at, at + LONGEST));
    });
    client.on('error', () => client.destroy());
    client.on('close', () => {
      // Its number may be another client's by now.
      if (this.clients.get(number) !== client) return;
      this.clients.delete(number);
      this.send(number, Buffer.alloc(0));
    });
    return client;
  }

  private send(number: number, content: Buffer): void {
    const head = Buffer.alloc(HEAD);
    head.writeUInt8(number, 0);
    head.writeUInt16LE(content.length, 1);
    if (!this.stream.destroyed) this.stream.write(Buffer.concat([head, content]));
  }
}
