import type { Digest, FailedFile, FailedProgram, SourceRange } from '@strake/api';
import type { Readable, Writable } from 'node:stream';

/** A program to run where a step failed. */
export interface StepExecOptions {
  /** `NAME=value`, besides the step's. */
  readonly env?: Readonly<Record<string, string>>;
  /** The step's by default. */
  readonly cwd?: string;
  /** The step's by default. */
  readonly user?: string;
  /** Nothing by default. */
  readonly stdin?: Readable | string;
  /** Gets what the program prints there, secrets masked; it is not ended. Without it the output is in the result. */
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  /** The program gets the terminal of this process; what it prints is not masked. */
  readonly terminal?: boolean;
  readonly signal?: AbortSignal;
}

/** How such a program ended. */
export interface StepExecResult {
  /** 0 to 255. */
  readonly exitCode: number;
  /** What no stream was given for. */
  readonly stdout: string;
  readonly stderr: string;
}

/** An image of a failed state. */
export interface CommittedStep {
  readonly imageId: Digest;
  /** Normalised. */
  readonly names: readonly string[];
}

/** A step whose program failed, with what it left, until the handler has returned. Secrets of the step are there only while a program runs. */
export interface FailedStep extends FailedProgram {
  /** `[build 2/5] RUN make` */
  readonly name: string;
  /** Of the stage; its number when it has none. */
  readonly stage: string;
  readonly range?: SourceRange;
  /** Aborted when the build is cancelled, or another step has failed: what is under way here ends then. */
  readonly signal: AbortSignal;
  /** Runs a program with the step's variables, working directory, user, mounts and network. */
  exec(args: readonly string[], options?: StepExecOptions): Promise<StepExecResult>;
  /** The content of a file of the tree; `limit` is bytes, 16 MiB by default. */
  read(path: string, options?: { readonly limit?: number }): Promise<Buffer>;
  /** What a directory of the tree holds. */
  list(path: string): Promise<readonly FailedFile[]>;
  /** Makes an image of the tree, with names or without; it may be pruned then. */
  commit(options?: { readonly tags?: readonly string[] }): Promise<CommittedStep>;
  /** Keeps the tree under a name of its own, `strake-failed:…`, until that is removed; answers the name. `FROM` it to go on from there. */
  keep(): Promise<string>;
}

/** Called with each step whose program has failed, one after the other. The build waits, and fails afterwards in any case. */
export type StepFailedHandler = (step: FailedStep) => void | Promise<void>;
