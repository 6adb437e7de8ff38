import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { Duplex } from 'node:stream';

/** After a program's end, so long is waited for what it said: one that it has left in the background may keep that open. Milliseconds. */
const LAST_WORDS = 300;

/** How the program of a connection failed. */
export class ProgramError extends Error {
  /** Absent when a signal ended it. */
  readonly exitCode: number | null;

  constructor(program: string, exitCode: number | null, said: string) {
    super(said === '' ? `${program} ended with ${exitCode === null ? 'a signal' : `exit code ${exitCode}`}` : said.startsWith(`${program}: `) ? said : `${program}: ${said}`);
    this.exitCode = exitCode;
  }
}

/** A connection through the input and the output of a program. When that fails, what it said is the error. */
export class ProgramConnection extends Duplex {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly program: string;
  private said = '';

  constructor(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    super({ allowHalfOpen: true });
    this.program = program;
    // In a session of its own, as with Docker's client: Ctrl-C is for us, and what it leaves is still removed through this connection.
    this.child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    this.child.stdin.on('error', () => undefined);
    this.child.stderr.on('data', (data: Buffer) => (this.said = (this.said + data.toString()).slice(-1000)));
    this.child.stdout.on('data', (data: Buffer) => (this.push(data) ? undefined : this.child.stdout.pause()));
    this.child.once('error', (error) => this.destroy(error));
    void this.follow();
  }

  override _read(): void {
    this.child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    // A write that fails is told of by the program's end, which says why.
    this.child.stdin.write(chunk, (error) => (error === null || error === undefined ? done() : undefined));
  }

  override _final(done: () => void): void {
    this.child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.child.kill();
    done(error);
  }

  private async follow(): Promise<void> {
    const { child } = this;
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    const told = new Promise<void>((resolve) => child.stderr.once('close', () => resolve()));
    await new Promise<void>((resolve) => child.stdout.once('close', () => resolve()));
    const code = await ended;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([told, new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_WORDS)))]);
    clearTimeout(timer);
    if (this.destroyed) return;
    if (code === 0) this.push(null);
    else this.destroy(new ProgramError(this.program, code, oneLine(this.said)));
  }
}

const oneLine = (said: string): string => said.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== '').join('; ');
