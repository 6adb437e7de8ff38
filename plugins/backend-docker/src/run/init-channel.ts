import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { OperatorError } from '@strake/api';
import { demultiplex, type LogSink } from '../engine';
import { MarkedOutput } from './marked-output';

/** What the first process is told is for the engine to do, or to refuse in its own words. */
const FOR_THE_ENGINE = 0o1000;
/** The longest request that the first process has room for, and the most words. */
const LONGEST = 1 << 21;
const MOST_WORDS = 60_000;

/** A program, as the first process runs it. */
export interface InitProgram {
  readonly args: readonly string[];
  readonly env: readonly string[];
  /** As USER has it: a name or a number, and a group. */
  readonly user: string;
  readonly cwd: string;
}

/** Owner and mode of something that is made. */
export interface MadeBy {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** What became of a new name: `elsewhere` is another file system. */
export type Renamed = 'done' | 'missing' | 'elsewhere' | 'failed';

const RENAMED: Readonly<Record<number, Renamed>> = { 0: 'done', 1: 'missing', 3: 'elsewhere' };

/** What the first process of a container is asked to do: one request after the other, over its input and its outputs. Each is one round trip. */
export class InitChannel {
  private readonly stream: Duplex;
  private readonly outputs: Promise<void>;
  private readonly lost: Promise<never>;
  private current: { readonly output: MarkedOutput; readonly log: LogSink } | undefined;

  /** `lostError` says what the end of the connection means. */
  constructor(stream: Duplex, lostError: (error?: unknown) => Error) {
    this.stream = stream;
    this.outputs = demultiplex(stream, (number, data) => this.take(number, data));
    this.lost = this.outputs.then(() => Promise.reject(lostError()), (error: unknown) => Promise.reject(lostError(error)));
    this.lost.catch(() => undefined);
  }

  /** Runs a program, and ends all that it leaves running; its exit code. Undefined where the engine itself has to, which then says what is wrong. */
  async run({ args, env, user, cwd }: InitProgram, log: LogSink, signal: AbortSignal): Promise<number | undefined> {
    const status = await this.ask(['x', user, cwd, args.length.toString(8), ...args, ...env], undefined, log, signal);
    return status === FOR_THE_ENGINE ? undefined : status;
  }

  /** Ends everything that runs beside the first process. */
  async endAll(signal: AbortSignal): Promise<void> {
    await this.ask(['k'], undefined, () => undefined, signal);
  }

  /** Makes a directory and those above it; false where a part of the path is no directory. */
  async makeDirectory(path: string, made: MadeBy, signal: AbortSignal): Promise<boolean> {
    return (await this.done('m', path, made, undefined, signal)) !== 4;
  }

  /** Writes a file, and the directories above it; false for one that is too long for a request. */
  async write(path: string, content: Buffer, made: MadeBy, signal: AbortSignal): Promise<boolean> {
    return (await this.done('w', path, made, content, signal)) !== FOR_THE_ENGINE;
  }

  /** Removes files and empty directories; what is not there, or not empty, stays. */
  async remove(paths: readonly string[], signal: AbortSignal): Promise<void> {
    await this.ask(['d', ...paths], undefined, () => undefined, signal);
  }

  /** Gives a file another name. */
  async rename(from: string, to: string, signal: AbortSignal): Promise<Renamed> {
    return RENAMED[await this.ask(['r', from, to], undefined, () => undefined, signal)] ?? 'failed';
  }

  /** Makes a symbolic link; false where that cannot be. */
  async link(target: string, path: string, signal: AbortSignal): Promise<boolean> {
    return (await this.ask(['l', target, path], undefined, () => undefined, signal)) === 0;
  }

  /** Copies a file, with the directories above it; `seconds` since 1970 become its time. False where that cannot be. */
  async copy(from: string, to: string, { uid, gid, mode }: MadeBy, seconds: number, signal: AbortSignal): Promise<boolean> {
    return (await this.ask(['c', from, to, ...[uid, gid, mode, seconds].map((number) => number.toString(8))], undefined, () => undefined, signal)) === 0;
  }

  close(): void {
    this.stream.destroy();
  }

  private async done(kind: 'm' | 'w', path: string, { uid, gid, mode }: MadeBy, content: Buffer | undefined, signal: AbortSignal): Promise<number> {
    const status = await this.ask([kind, path, ...[uid, gid, mode].map((number) => number.toString(8))], content, () => undefined, signal);
    if (status === 0 || status === 4 || status === FOR_THE_ENGINE) return status;
    throw new OperatorError('ENGINE_FAILED', `could not make ${path} in a container (${status})`);
  }

  private async ask(words: readonly string[], content: Buffer | undefined, log: LogSink, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    const mark = randomBytes(16).toString('hex');
    const body = Buffer.concat([...[mark, ...words].map((word) => Buffer.from(`${word}\0`)), content ?? Buffer.alloc(0)]);
    if (body.length > LONGEST || words.length > MOST_WORDS || words.some((word) => word.includes('\0'))) return FOR_THE_ENGINE;
    const length = Buffer.alloc(4);
    length.writeUInt32LE(body.length);
    const output = new MarkedOutput(mark);
    this.current = { output, log };
    const { aborted, forget } = abortOf(signal);
    this.stream.write(Buffer.concat([length, body]));
    try {
      return await Promise.race([output.status, this.lost, aborted]);
    } finally {
      forget();
      this.current = undefined;
    }
  }

  private take(number: 1 | 2, data: Buffer): void {
    if (this.current === undefined) return;
    const { output, log } = this.current;
    const shown = output.add(number, data);
    if (shown.length > 0) log(number, shown);
  }
}

/** Rejects when a signal ends something, until nobody wants to know it any more. */
function abortOf(signal: AbortSignal): { readonly aborted: Promise<never>; readonly forget: () => void } {
  let forget = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    const end = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', end, { once: true });
    forget = () => signal.removeEventListener('abort', end);
  });
  aborted.catch(() => undefined);
  return { aborted, forget };
}
