import type { Platform } from './digest';

/** An owner as written (`app:staff`, `1000:0`): names are looked up in the files of the stage that is written to. */
export type Owner = string;

/** Brings a tree from outside the build: an image, a build context, later git and http. The only open part of the vocabulary. */
export interface SourceOp {
  readonly type: 'source';
  /** `image`, `context`, … — a provider per scheme. */
  readonly scheme: string;
  /** For an image, pinned by digest once it is resolved; for a context, its name (`` is the main one). */
  readonly reference: string;
  /** What the scheme's provider is told besides the reference: `checksum`, `keep-git-dir`, … Part of the vertex's definition. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly platform?: Platform;
}

/** Runs a program in the stage. */
export interface ExecOp {
  readonly type: 'exec';
  readonly args: readonly string[];
  /** `NAME=value`, in order, complete: nothing is inherited. */
  readonly env: readonly string[];
  readonly cwd: string;
  /** As in the image config: `user[:group]`, names or numbers; empty for root. */
  readonly user: string;
  readonly network: 'default' | 'none' | 'host';
  /** What the program is for, where that is not the machine that builds: the same tree and words may then do something else. */
  readonly platform?: Platform;
  /** Here-documents that are scripts: files shown under `/dev/pipes/` while the program runs. */
  readonly scripts?: readonly { readonly name: string; readonly content: string }[];
  /** What the program sees besides its stage, by target, parents first. Targets differ. */
  readonly mounts?: readonly Mount[];
  /** `insecure` takes the sandbox away; only with a grant. Absent: `sandbox`. */
  readonly security?: 'sandbox' | 'insecure';
  /** Devices of the machine, by CDI name; only with a grant. */
  readonly devices?: readonly DeviceRequest[];
}

/** A device that RUN asks for. */
export interface DeviceRequest {
  /** A name of the Container Device Interface: `vendor/class=name`; `vendor/class` is its first device, `vendor/class=*` all. */
  readonly name: string;
  /** A step that cannot have it fails; otherwise it goes without. */
  readonly required: boolean;
}

/** Shows files of another tree while a program runs; what is written to it is gone afterwards. */
export interface BindMount {
  readonly type: 'bind';
  /** Absolute, cleaned. */
  readonly target: string;
  /** Index in the vertex's `inputs`. */
  readonly input: number;
  /** A path in the input, absolute, cleaned. */
  readonly source: string;
  readonly readonly: boolean;
}

/** A directory that outlives the build, shared by its id. */
export interface CacheMount {
  readonly type: 'cache';
  readonly target: string;
  readonly id: string;
  readonly sharing: 'shared' | 'private' | 'locked';
  readonly readonly: boolean;
  /** What a new cache starts with: a directory of an input. */
  readonly from?: { readonly input: number; readonly source: string };
  /** Permission bits of a new cache's directory; absent: 0755, or those of what it starts with. */
  readonly mode?: number;
  /** Owner of a new cache's directory; absent: root, or that of what it starts with. */
  readonly uid?: number;
  readonly gid?: number;
}

/** Memory. */
export interface TmpfsMount {
  readonly type: 'tmpfs';
  readonly target: string;
  /** Bytes; no limit when absent. */
  readonly size?: number;
  /** Nothing can be written to it. */
  readonly readonly?: true;
}

/** A secret of the build as a file, as a variable, or both. Its value is in no key. Without the file its `target` is absent. */
export interface SecretMount {
  readonly type: 'secret';
  readonly id: string;
  /** The file; absent when only `env` is wanted. */
  readonly target?: string;
  /** The variable. */
  readonly env?: string;
  /** Without it a secret that is not given is left out. */
  readonly required: boolean;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A socket of an SSH agent; `SSH_AUTH_SOCK` names it. */
export interface SshMount {
  readonly type: 'ssh';
  readonly id: string;
  readonly target: string;
  readonly required: boolean;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** What RUN --mount asks for. Plain data; where it reads from is an input of the vertex. */
export type Mount = BindMount | CacheMount | TmpfsMount | SecretMount | SshMount;

/** Copies from another tree into the stage. */
export interface CopyOp {
  readonly type: 'copy';
  /** Index in the vertex's `inputs`. */
  readonly input: number;
  /** Paths or Go `filepath.Match` patterns, relative to the input's root. */
  readonly sources: readonly string[];
  /** Absolute, cleaned; a trailing `/` says directory. */
  readonly destination: string;
  /** Absent: keep the owner of the input (another stage), or 0:0 (a build context). */
  readonly chown?: Owner;
  /** Octal digits, or symbolic as chmod(1) has it: `u=rwX,go=rX`. */
  readonly chmod?: string;
  /** Patterns of the ignore file's kind, relative to each source that is a directory (with `parents`: to its pivot); what they match is left out. */
  readonly exclude?: readonly string[];
  /** Keep the parents of each source below the destination; `/./` in a source says where they begin. */
  readonly parents?: boolean;
  /** Unpack local archives: what ADD does. */
  readonly unpack?: boolean;
  /** A source that is not there is nothing, instead of an error: COPY --if-exists. */
  readonly optional?: true;
}

/** Makes a directory and its parents. */
export interface MkdirOp {
  readonly type: 'mkdir';
  readonly path: string;
  /** Permission bits of what is made. */
  readonly mode: number;
  readonly owner?: Owner;
}

/** Writes one file. */
export interface MkfileOp {
  readonly type: 'mkfile';
  readonly path: string;
  /** What the file is called when `path` turns out to be a directory; without it a directory in the way is an error. */
  readonly name?: string;
  /** Text; written as UTF-8. */
  readonly content: string;
  readonly mode: number;
  /** Of the file, and of parents that have to be made. */
  readonly owner?: Owner;
  /** Permission bits of parents that have to be made; 0755 by default. */
  readonly parentMode?: number;
}

/** Puts the layers of `inputs` on top of the stage, unchanged. */
export interface MergeOp {
  readonly type: 'merge';
  readonly inputs: readonly number[];
  /**
   * The one input stands on the stage already: all that it has changed since becomes one layer, in which nothing is that was made
   * and removed on the way.
   */
  readonly squash?: true;
}

/** The closed vocabulary of work. Plain data. */
export type Op = SourceOp | ExecOp | CopyOp | MkdirOp | MkfileOp | MergeOp;
