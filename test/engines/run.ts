import { spawn } from 'node:child_process';

/** How a process ended. `output` is stdout and stderr in the order they arrived. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly output: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Text for its standard input; without it, it reads an empty one. */
  readonly input?: string;
  /** After so many milliseconds it is killed; 120,000 unless told. */
  readonly timeout?: number;
}

/** Runs a program to its end and never throws for its exit code: 127 when it cannot start, 128 + n after signal n. */
export function run(command: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      timeout: options.timeout ?? 120_000,
      killSignal: 'SIGKILL',
    });
    const text = { stdout: '', stderr: '', output: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (chunk: string) => {
        text[stream] += chunk;
        text.output += chunk;
      });
    }
    child.on('error', (error) => resolve({ code: 127, ...text, output: `${text.output}${error.message}` }));
    child.on('close', (code, signal) => resolve({ code: code ?? (signal === 'SIGKILL' ? 137 : 143), ...text }));
    child.stdin.on('error', () => undefined).end(options.input ?? '');
  });
}

/** As `run`, for programs that must succeed. */
export async function mustRun(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const finished = await run(command, options);
  if (finished.code !== 0) throw new Error(`${command.join(' ')}: exit code ${finished.code}\n${finished.output.slice(-4000)}`);
  return finished.stdout;
}
