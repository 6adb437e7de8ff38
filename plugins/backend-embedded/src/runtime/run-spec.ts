import type { Readable } from 'node:stream';
import type { ResourceLimits } from '@strake/api';

/** A file or directory of the machine that a program sees while it runs, or memory. */
export interface RunMount {
  /** `bind` when absent. */
  readonly type?: 'bind' | 'tmpfs';
  /** Absolute, on this machine; of memory only a name. */
  readonly source: string;
  /** Absolute, in the root file system, no link in it. */
  readonly target: string;
  readonly readonly: boolean;
  /** Further options of mount(8): `nosuid`, `size=4096`. */
  readonly options?: readonly string[];
  /** It lies in an earlier mount, which has a place for it or makes one: none is made in the root file system. */
  readonly nested?: true;
}

/** A device node that a program sees. */
export interface RunDevice {
  /** Absolute, in the container. */
  readonly path: string;
  readonly type: 'b' | 'c';
  readonly major: number;
  readonly minor: number;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Who runs a program, in numbers: names are looked up before. */
export interface RunUser {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids: readonly number[];
}

/** One program to run in a container of its own. */
export interface RunSpec {
  /** Unique among what runs from the same state root; letters, digits, `-`, `_`. */
  readonly id: string;
  /** The mounted root file system, absolute; what the program writes is found there afterwards. */
  readonly rootfs: string;
  /** An existing private directory for the runtime's own files; the caller removes it. */
  readonly bundle: string;
  readonly args: readonly string[];
  /** `NAME=value`, complete. */
  readonly env: readonly string[];
  /** Absolute, a directory of the root file system. */
  readonly cwd: string;
  readonly user: RunUser;
  /** `none` has a loopback device only; `default` is the machine's network, as `host` is. */
  readonly network: 'default' | 'none' | 'host';
  readonly hostname: string;
  readonly mounts: readonly RunMount[];
  /** Variables whose values must not reach the disk, `NAME=value`: the bundle is in memory then. They win over `env`. */
  readonly secretEnv?: readonly string[];
  /** No sandbox: all capabilities, no filter, the kernel's files writable, the machine's devices. */
  readonly insecure?: boolean;
  readonly devices?: readonly RunDevice[];
  readonly limits?: ResourceLimits;
  /** What it uses is given to others when this process dies: its end must not wait. */
  readonly guarded?: boolean;
  /** What the program reads; nothing without it. */
  readonly stdin?: Readable;
  /** The program has the terminal of this process: it reads there, and nothing it prints comes to `log`. Throws UNSUPPORTED where the runtime cannot give it. */
  readonly terminal?: boolean;
  /** Ends everything in the container at once. */
  readonly signal: AbortSignal;
  /** Gets output as it comes, in order within a stream; all of it before `run` resolves. */
  log(stream: 1 | 2, data: Buffer): void;
}

/** How a program ended. A program that a signal ended has 128 + the signal's number. */
export interface RunResult {
  readonly exitCode: number;
  /** The kernel ended a process that wanted more memory than its limit. */
  readonly outOfMemory?: true;
}

/** The runtimes, in the order in which they are looked for. */
export const RUNTIME_NAMES = ['crun', 'runc', 'namespaces'] as const;

export type RuntimeName = (typeof RUNTIME_NAMES)[number];

/** Runs programs in containers. */
export interface Runtime {
  readonly name: RuntimeName;
  /** The executable behind it. */
  readonly path: string;
  /** What is weaker here than in Docker, a sentence each; to be shown once a build. */
  readonly warnings: readonly string[];
  /**
   * Runs one program to its end. 127 and 126 say, as a shell does, that it was not found or cannot be executed.
   * Throws OperatorError: RUNTIME_FAILED when no container could be made, CANCELLED after an abort.
   */
  run(spec: RunSpec): Promise<RunResult>;
  /** Gives up what runs have shared: a folder for state, and the process that ends containers when this one is killed. No run may be under way. */
  close(): void;
}

/** Where a runtime keeps what outlives one run. */
export interface RuntimeFolders {
  /** State of running containers, in a folder for each process; what a crash leaves there, the next process reclaims. */
  readonly stateRoot: string;
  /** Compiled seccomp filters. */
  readonly cacheDirectory: string;
}

/** The name that programs see as the machine's: the same everywhere, so that it cannot make builds differ. */
export const BUILD_HOSTNAME = 'strake';
