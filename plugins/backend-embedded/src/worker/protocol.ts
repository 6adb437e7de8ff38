import type { ArchiveOptions, CopyOp, Diagnostic, Digest, ExecOp, FailedExec, FailedFile, FailedProgram, MkdirOp, MkfileOp, ResourceLimits, Selection, SshMount, TmpfsMount } from '@strake/api';
import type { TakenFile } from '@strake/context';
import type { PackedLayer } from '@strake/oci';
import type { RunDevice, RuntimeFolders } from '../runtime';
import type { SnapshotChain } from './mount-snapshot';
import type { ErrorRecord } from './error-record';

/** What a copy reads: a context's directory with what was selected from it, or snapshots. */
export type WorkerInput =
  | { readonly kind: 'directory'; readonly directory: string; readonly taken: readonly TakenFile[]; /** When the build began. */ readonly since: number }
  | { readonly kind: 'chain'; readonly chain: SnapshotChain };

/** A bind mount with the tree that it shows. */
export interface TreeMount {
  readonly type: 'bind';
  readonly target: string;
  readonly readonly: boolean;
  readonly tree: MountSource;
}

/** A place in a tree. */
export interface MountSource {
  readonly from: WorkerInput;
  /** A path in it, absolute. */
  readonly source: string;
  /** Where the selected files of a context are put, for all programs of the build that see the same ones. */
  readonly shared: string;
}

/** A cache that this build holds. */
export interface HeldCacheMount {
  readonly type: 'cache';
  readonly target: string;
  readonly readonly: boolean;
  /** Its folder in the store, in which `data` is what programs see; without it the cache is new. */
  readonly directory: string;
  readonly start?: MountSource;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** A secret with its value. */
export interface ValueMount {
  readonly type: 'secret';
  readonly target: string;
  readonly value: Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** An agent with the socket on this machine where it listens. */
export type SocketMount = Omit<SshMount, 'id' | 'required'> & { readonly socket: string };

/** A file or directory of this machine that a device brings. */
export interface HostMount {
  readonly type: 'host';
  readonly source: string;
  readonly target: string;
  readonly readonly: boolean;
}

export type WorkerMount = HostMount | TreeMount | HeldCacheMount | TmpfsMount | ValueMount | SocketMount;

/** A program with all that it sees. */
export type WorkerExec = Omit<ExecOp, 'mounts' | 'devices'> & {
  readonly mounts?: readonly WorkerMount[];
  readonly secretEnv?: readonly string[];
  readonly devices?: readonly RunDevice[];
  /** Values that no output may show. */
  readonly hidden?: readonly Uint8Array[];
};

/** An op with what it reads. */
export type WorkerOp = WorkerExec | MkdirOp | MkfileOp | (CopyOp & { readonly from: WorkerInput });

/** Applies ops on a chain of snapshots; the changes go to `upper`. */
export interface ApplyRequest {
  readonly type: 'apply';
  readonly chain: SnapshotChain;
  readonly upper: string;
  /** A private directory for mount points and runtime files; the asker removes it. */
  readonly work: string;
  readonly ops: readonly WorkerOp[];
  /** `host:ip` */
  readonly extraHosts: readonly string[];
  readonly limits?: ResourceLimits | undefined;
  readonly runtime: RuntimeFolders;
  /** Whether somebody wants to look at what a failed program left. */
  readonly stops?: boolean;
}

/** What a copy would take from snapshots. */
export interface SelectRequest {
  readonly type: 'select';
  readonly chain: SnapshotChain;
  readonly work: string;
  readonly op: CopyOp;
}

/** The sums by which Docker's classic builder knows what a copy would take from snapshots. */
export type SumsRequest = Omit<SelectRequest, 'type'> & { readonly type: 'sums' };

/** Packs an upper directory to learn its layer. */
export interface PackRequest {
  readonly type: 'pack';
  readonly directory: string;
  /** Seconds: the SOURCE_DATE_EPOCH. */
  readonly epoch?: number | undefined;
}

/** Makes one difference of those of several snapshots. */
export interface SquashRequest {
  readonly type: 'squash';
  /** Upper directories, top first. */
  readonly sources: readonly string[];
  /** What they stand on. */
  readonly base: SnapshotChain;
  readonly work: string;
  readonly directory: string;
}

/** Gives the tree of snapshots as a tar, chunk by chunk. */
export interface ArchiveRequest {
  readonly type: 'archive';
  readonly chain: SnapshotChain;
  readonly work: string;
  readonly options: ArchiveOptions;
}

/** Fills an upper directory from a stored layer and verifies it. */
export interface UnpackRequest {
  readonly type: 'unpack';
  readonly layer: StoredLayer;
  readonly diffId: Digest;
  readonly directory: string;
}

/** Where a layer's bytes are: in a blob, maybe compressed, or in a snapshot's directory that packs to it. */
export type StoredLayer =
  | { readonly kind: 'blob'; readonly path: string; readonly mediaType: string }
  | { readonly kind: 'snapshot'; readonly directory: string; readonly epoch?: number | undefined };

/** What a packed layer is. `size` is bytes of the tar. */
export interface Diff {
  readonly diffId: Digest;
  readonly size: number;
}

export type WorkerRequest = ApplyRequest | SelectRequest | SumsRequest | PackRequest | SquashRequest | ArchiveRequest | UnpackRequest;

/** The answer to each kind of request. */
export interface WorkerAnswers {
  readonly apply: null;
  readonly select: Selection;
  readonly sums: readonly string[];
  readonly pack: PackedLayer;
  readonly squash: null;
  readonly archive: null;
  readonly unpack: Diff;
}

/** Main thread to worker. `cancel` is one shared integer, set to 1 to end the request: synchronous work cannot get messages. */
export type ToWorker =
  | { readonly kind: 'request'; readonly number: number; readonly request: WorkerRequest; readonly cancel: Int32Array }
  | { readonly kind: 'abort'; readonly number: number }
  /** The last chunk was used: the next one may come. */
  | { readonly kind: 'more'; readonly number: number }
  /** Something that is wanted of a state in which the request has stopped. */
  | { readonly kind: 'ask'; readonly number: number; readonly id: number; readonly ask: Ask }
  /** More of what `ask` began: input of its program (null is the end), or its end before its time. */
  | { readonly kind: 'feed'; readonly number: number; readonly id: number; readonly data: Uint8Array | null }
  | { readonly kind: 'drop'; readonly number: number; readonly id: number }
  /** Nobody wants to see more: the request fails. */
  | { readonly kind: 'resume'; readonly number: number }
  /** Nothing is under way: the thread is to give up what it holds for a build whose mounts have paths that begin with `prefix`. */
  | { readonly kind: 'retire'; readonly prefix: string }
  /** The same, and to end. */
  | { readonly kind: 'close' };

/** A warning about the Dockerfile, without its place: whoever asked knows that. */
export type Warning = Pick<Diagnostic, 'code' | 'message' | 'hint'>;

/** What can be wanted of a state in which a program failed. */
export type Ask =
  | { readonly type: 'exec'; readonly exec: AskedExec }
  | { readonly type: 'read'; readonly path: string; readonly limit: number }
  | { readonly type: 'list'; readonly path: string }
  /** Packs what the step has changed, the failed program included, into a file. */
  | { readonly type: 'pack'; readonly file: string };

/** A program for such a state. */
export type AskedExec = Pick<FailedExec, 'args' | 'env' | 'cwd' | 'user' | 'terminal'> & { readonly fed: boolean };

/** The answer to each. */
export interface AskAnswers {
  readonly exec: { readonly exitCode: number };
  readonly read: Uint8Array;
  readonly list: readonly FailedFile[];
  readonly pack: Diff;
}

/** Worker to main thread: output, warnings and progress as they come, then one end for each request. */
export type FromWorker =
  /** `clean`: none of the build's mounts is left. */
  | { readonly kind: 'retired'; readonly clean: boolean }
  | { readonly kind: 'log'; readonly number: number; readonly stream: 1 | 2; readonly data: Uint8Array }
  | { readonly kind: 'warning'; readonly number: number; readonly warning: string | Warning }
  | { readonly kind: 'chunk'; readonly number: number; readonly bytes: Uint8Array }
  | { readonly kind: 'stopped'; readonly number: number; readonly program: FailedProgram }
  | { readonly kind: 'output'; readonly number: number; readonly id: number; readonly stream: 1 | 2; readonly data: Uint8Array }
  | { readonly kind: 'answer'; readonly number: number; readonly id: number; readonly answer: AskAnswers[Ask['type']] }
  | { readonly kind: 'refused'; readonly number: number; readonly id: number; readonly error: ErrorRecord }
  | { readonly kind: 'progress'; readonly number: number; readonly current: number; readonly total: number }
  | { readonly kind: 'done'; readonly number: number; readonly answer: WorkerAnswers[WorkerRequest['type']] }
  | { readonly kind: 'failed'; readonly number: number; readonly error: ErrorRecord };
