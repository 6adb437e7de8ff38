import type { ContainerConfig, Image } from './image';

/** A program to run where another one failed. */
export interface FailedExec {
  readonly args: readonly string[];
  /** `NAME=value`; they win over the step's. */
  readonly env?: readonly string[];
  /** The step's by default. */
  readonly cwd?: string;
  /** A name or a number, perhaps with a group: the step's by default. */
  readonly user?: string;
  /** Nothing by default. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Gets output as it comes, secrets masked. */
  output?(stream: 1 | 2, data: Buffer): void;
  /** The program has the terminal of this process, which shows what it likes: neither `stdin` nor `output` is used. */
  readonly terminal?: boolean;
  readonly signal?: AbortSignal;
}

/** A file of a failed state. */
export interface FailedFile {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a link. */
  readonly target?: string;
}

/** The program that failed, as it was run. Its secrets are not here. */
export interface FailedProgram {
  readonly args: readonly string[];
  /** `NAME=value` */
  readonly env: readonly string[];
  readonly cwd: string;
  /** As in the Dockerfile; empty for the first user. */
  readonly user: string;
  /** 1 to 255. */
  readonly exitCode: number;
  /** What programs see besides the tree: cache, secret and other mounts. */
  readonly mounts: readonly { readonly type: string; readonly target: string }[];
}

/**
 * What a program left that failed, to be looked at. A backend that has it (`BackendCapabilities.failedStates`) calls `ApplyOptions.failed` with it. The laws:
 * - It is there until the promise of `failed` is settled, or the signal is aborted; after that every call is rejected, and nothing of it is left.
 * - What `exec` changes is seen by all that is asked later. It never becomes the vertex's snapshot, and no cache hears of it.
 * - Each `exec` has the mounts, devices, network and limits of the program that failed. They are opened for it and closed after it: at no other time is a
 *   secret in the state, and never in what `read` and `image` give.
 * - Paths are looked up in the state: neither a link nor `..` leads out.
 * - Afterwards `apply` is rejected with the error with which it would have been rejected without any of this.
 */
export interface FailedState {
  readonly program: FailedProgram;
  /** Runs a program to its end. Throws CANCELLED, RUNTIME_FAILED, UNSUPPORTED (a terminal that cannot be had). */
  exec(exec: FailedExec): Promise<{ readonly exitCode: number }>;
  /** The content of a file, of at most `limit` bytes. Throws SOURCE_MISSING, and USAGE for what is no file or longer. */
  read(path: string, limit: number): Promise<Buffer>;
  /** What a directory holds, by name. Throws SOURCE_MISSING, and USAGE for what is none. */
  list(path: string): Promise<readonly FailedFile[]>;
  /** Makes an image of the state and keeps it, without a name. */
  image(config: ContainerConfig): Promise<Image>;
}
