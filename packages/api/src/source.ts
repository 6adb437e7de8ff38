import type { Digest } from './digest';
import type { SecretProvider, SshProvider } from './secrets';
import type { SourceOp } from './op';

/** What a provider works with. */
export interface SourceOptions {
  readonly signal: AbortSignal;
  /** Tokens and passwords of the build: `GIT_AUTH_TOKEN`, `HTTP_AUTH_TOKEN_<host>`, … */
  readonly secrets?: SecretProvider;
  readonly ssh?: SshProvider;
  /** A private directory on this machine for what the provider keeps between builds; shared with builds that run at the same time. */
  readonly cacheDirectory: string;
  /** A dry run: `cacheDirectory` may be missing, and nothing is written into it. */
  readonly readonly: boolean;
  /** An existing empty directory for one call's own files, removed after it. On the file system of the directory that is fetched into. */
  readonly scratch: string;
  readonly progress: (label: string, current: number, total?: number) => void;
}

/** What a source is at this moment. */
export interface ResolvedSource {
  /** Stands for the content in cache keys: equal digests, equal trees. */
  readonly identity: Digest;
  /** The op that brings exactly this content: a commit instead of a branch, a checksum instead of whatever is there. */
  readonly pinned: SourceOp;
}

/** Brings trees from outside the build: one for each scheme (`http`, `git`, …). The open part of the vocabulary. */
export interface SourceProvider {
  readonly scheme: string;
  /** `file`: its trees have one file, which as a build context is an archive or a Dockerfile. `tree` by default. */
  readonly delivers?: 'file' | 'tree';
  /**
   * What a build context's or a named context's reference (`s3://bucket/key`) asks for; undefined for references that are not
   * this provider's. Throws OperatorError for one that is, and is wrong. Pure.
   */
  recognise?(reference: string): Pick<SourceOp, 'scheme' | 'reference' | 'attributes'> | undefined;
  /** Refuses references and attributes that can never work, before anything runs. Pure. Throws DockerfileError. */
  check(op: SourceOp): void;
  /** Asks what the source is now; brings as little as that needs. */
  resolve(op: SourceOp, options: SourceOptions): Promise<ResolvedSource>;
  /** Writes the tree of a pinned op into an existing empty directory; verifies what the op promises. Leaves nothing outside it. */
  fetch(pinned: SourceOp, directory: string, options: SourceOptions): Promise<void>;
  /** When the content of a pinned op was made, in seconds since 1970: a commit's date. For `SOURCE_DATE_EPOCH=context`. */
  date?(pinned: SourceOp, options: SourceOptions): Promise<number>;
}
