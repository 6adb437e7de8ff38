import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';

/** A server that is a process of its own. */
export interface ServerProcess {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a program in the foreground and waits until its port answers. Throws what it said when it ends before. */
export async function startServer(args: readonly string[], port: number): Promise<ServerProcess> {
  const [program = '', ...rest] = args;
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = (): void => kill(child);
  process.once('exit', end);
  const stop = async (): Promise<void> => {
    end();
    await ended;
    process.removeListener('exit', end);
  };
  for (const limit = Date.now() + 20_000; Date.now() < limit && child.exitCode === null; ) {
    if (await answers(port)) return { port, stop };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await stop();
  throw new Error(`${args.join(' ')} did not start:\n${Buffer.concat(said).toString()}`);
}

/** With those that it has started for its connections. */
function kill({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}
