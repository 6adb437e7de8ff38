import { CancelledError, OperatorError } from '@strake/api';
import { spawn } from 'node:child_process';

/** How git is run. */
export interface GitRun {
  /** Complete: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** An existing directory. */
  readonly cwd: string;
  /** Whether it talks to somebody: silence is then counted as a failure. */
  readonly remote?: boolean;
  /** What git says that it has done, in percent. */
  readonly progress?: (label: string, current: number, total: number) => void;
}

/** git ended with another status than 0. */
export class GitFailure extends Error {
  /** The last of what it said, in its own words. */
  readonly said: string;

  constructor(args: readonly string[], said: string) {
    super(`git ${args[0] ?? ''}: ${said}`);
    this.name = 'GitFailure';
    this.said = said;
  }
}

const MOST_OUTPUT = 64 << 20;
const MOST_SAID = 32 << 10;
/** Milliseconds of silence after which a server is given up. */
const LONGEST_SILENCE = 300_000;
/** git's files get the modes that its objects say, whatever this process's mask is. */
const SCRIPT = 'umask 022; exec git "$@"';

/** Runs git in a process group of its own; answers what it printed. Throws GitFailure, PROGRAM_MISSING, CANCELLED. */
export function runGit(args: readonly string[], { env, signal, cwd, remote = false, progress }: GitRun): Promise<string> {
  if (signal.aborted) return Promise.reject(new CancelledError());
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', SCRIPT, 'git', ...args], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    let length = 0;
    let said = '';
    let reason: string | undefined;
    const end = (why?: string): void => {
      reason ??= why;
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const stop = (): void => end();
    const silence = remote ? setTimeout(() => end('the server has said nothing for five minutes'), LONGEST_SILENCE) : undefined;
    signal.addEventListener('abort', stop, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      silence?.refresh();
      length += chunk.length;
      if (length > MOST_OUTPUT) end('too much output');
      else output.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      silence?.refresh();
      const text = chunk.toString('utf8');
      said = (said + text).slice(-MOST_SAID);
      tell(text, progress);
    });
    const finish = (settle: () => void): void => {
      clearTimeout(silence);
      signal.removeEventListener('abort', stop);
      settle();
    };
    child.on('error', (cause) => finish(() => reject(new OperatorError('PROGRAM_MISSING', `git cannot be started: ${cause.message}`, { cause }))));
    child.on('close', (code) =>
      finish(() => {
        if (signal.aborted) reject(new CancelledError());
        else if (code === 0 && reason === undefined) resolve(Buffer.concat(output).toString('utf8'));
        else if (code === 127) reject(new OperatorError('PROGRAM_MISSING', 'git is not installed', { hint: 'Install it: repositories are read by the program git (Debian: apt-get install git).' }));
        else reject(new GitFailure(args, reason ?? wordsOf(said)));
      }),
    );
  });
}

/** With all that it has started: ssh, git-remote-https. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

function tell(text: string, progress: GitRun['progress']): void {
  const [, label, current, total] = [...text.matchAll(/(Receiving objects|Resolving deltas|Updating files): +\d+% \((\d+)\/(\d+)\)/g)].at(-1) ?? [];
  if (label !== undefined) progress?.(label.toLowerCase(), Number(current), Number(total));
}

/** Without progress and control characters. */
function wordsOf(said: string): string {
  const lines = said.split(/[\r\n]+/).map((line) => line.replace(/[\0-\x1f\x7f-\x9f]/g, ' ').trim());
  return lines.filter((line) => line !== '' && !/: +\d+% \(|^remote: (Enumerating|Counting|Compressing|Total)/.test(line)).slice(-8).join('\n');
}
