import type { BuildEvent, Descriptor, Diagnostic, Digest, ImageConfigFile, ResourceLimits, SecretProvider, SshProvider, PullPolicy } from '@strake/api';
import type { AgentSource, SecretSource } from '@strake/secrets';
import type { CacheOption } from '../cache-places/cache-option';
import type { StepFailedHandler } from '../failed/failed-step';
import type { ContextInput } from '../input/context-input';
import type { LockMode } from '../prepare/lock-file';

/** Options as programs have them: what is undefined is as if it were not there, also where types are compiled with `exactOptionalPropertyTypes`. */
export type Given<T> = { readonly [K in keyof T]: T[K] | undefined };

/** Secrets by id. */
export type SecretSources = Readonly<Record<string, SecretSource>>;

/** One result of `--output`: the exporter's type and its other attributes. */
export interface OutputOptions {
  /** `oci`, `docker`, `image`, `registry`, `local`, `tar`, `cacheonly`, or that of an exporter of your own. */
  readonly type: string;
  /** `dest`, `tar`, …: texts, as on the command line. A relative `dest` is relative to the builder's working directory. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Where the patterns of the main context come from. */
export type IgnoreOptions = { readonly file: string } | { readonly patterns: readonly string[] };

/** What one build is asked for. All of it is optional but for what the Dockerfile itself needs. */
export interface BuildOptions {
  /** The working directory by default. */
  readonly context?: ContextInput;
  /** What takes the place of the main context's ignore file: another file, relative to the working directory, or lines of one. */
  readonly ignore?: IgnoreOptions;
  /** Bytes that the content of an archive may have; 64 GiB by default. */
  readonly contextLimit?: number;
  /** A path relative to the working directory (in a context that is no directory of this machine: to its root), or a text with the name that messages give it. */
  readonly dockerfile?: string | { readonly text: string; readonly name: string };
  /** Names of the image, `app`, `registry.example.com/app:1`. Invalid ones are refused before anything runs. */
  readonly tags?: readonly string[];
  /** Values of ARG by name; with undefined the ARG has its default. */
  readonly buildArgs?: Readonly<Record<string, string | undefined>>;
  /**
   * Build arguments whose values are secret: a program of RUN has them as variables, with what it prints masked; they are in no layer, history, key (but as
   * a digest with a key of the store), event or log. Whatever else would use one is refused.
   */
  readonly secretArgs?: Readonly<Record<string, string>>;
  /** A stage by its name or number; the last one by default. */
  readonly target?: string;
  /** Builds every stage, also those that the target does not need; the build fails where one of them does. */
  readonly allStages?: boolean;
  /** `linux/arm64`; this machine's by default. */
  readonly platform?: string;
  /** Several platforms instead of one; the result is an index. */
  readonly platforms?: readonly string[];
  /** The same result on another day, in another folder: times as with a SOURCE_DATE_EPOCH (1970 where none is given), and what COPY takes from a context with mode 755 or 644, as git keeps it. */
  readonly reproducible?: boolean;
  /** Of the image, besides those of LABEL, which they win over. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Every step is made, and recorded for builds to come. */
  readonly noCache?: boolean;
  /** Names of stages whose steps are all made. */
  readonly noCacheFilter?: readonly string[];
  /** Where else cached steps come from: `type=local,src=PATH`, `type=registry,ref=REFERENCE`, a reference alone. With the cache `classic` images, by their histories. */
  readonly cacheFrom?: readonly CacheOption[];
  /** Where the cache of this build is written to when it has ended well: `type=local,dest=PATH`, `type=registry,ref=REFERENCE`, `type=inline`, with `mode=max` for every step. */
  readonly cacheTo?: readonly CacheOption[];
  /** Where results go, besides the store; each exporter's README lists its attributes. */
  readonly outputs?: readonly OutputOptions[];
  /** Of RUN; `default` is what the backend gives it. */
  readonly network?: 'default' | 'none' | 'host';
  /** `host:ip` */
  readonly extraHosts?: readonly string[];
  /** What each RUN may use. */
  readonly limits?: ResourceLimits;
  /** One layer in place of all those above the base image's. */
  readonly squash?: boolean;
  /** Leaves the containers of the steps behind, where an engine builds instruction by instruction: `docker build --rm=false`. */
  readonly keepContainers?: boolean;
  /** By name: what `context` can be, and `docker-image://REF`, `oci-layout://PATH[:TAG][@DIGEST]`, `target:STAGE`. */
  readonly buildContexts?: Readonly<Record<string, ContextInput>>;
  /** What `RUN --mount=type=secret` gets, by id: sources, or a provider of your own. Values are in no layer, key, event or log. */
  readonly secrets?: SecretSources | SecretProvider;
  /** What `RUN --mount=type=ssh` gets: agents and keys, or a provider of your own. */
  readonly ssh?: readonly AgentSource[] | SshProvider;
  /** What RUN may ask for beyond its sandbox: `network.host`, `security.insecure`, `device`, `device=NAME`. */
  readonly allow?: readonly string[];
  /** `missing` by default. */
  readonly pull?: PullPolicy;
  /** No registry is asked. */
  readonly offline?: boolean;
  /** Hosts of registries that may be insecure, besides those of the configuration. */
  readonly insecureRegistries?: readonly string[];
  /** Pin base images by `strake.lock` in the working directory; false by default. */
  readonly lock?: LockMode;
  /** How many steps may be made at once, 1 or more; 8 by default. */
  readonly parallelism?: number;
  /** Cancels: the promise is rejected with CANCELLED when no process, mount or unfinished file is left. */
  readonly signal?: AbortSignal;
  /** Called with each event as it happens; what it throws ends the build. */
  readonly onEvent?: (event: BuildEvent) => void;
  /** Called with a step whose program has failed, while what it left is still there. Refused with a backend that cannot show it. */
  readonly onStepFailed?: StepFailedHandler;
}

/** One platform's image of a result. */
export interface BuiltImage {
  /** `linux/arm64` */
  readonly platform: string;
  readonly imageId: Digest;
  readonly manifest: Descriptor;
  readonly config: ImageConfigFile;
}

/** What a build made. */
export interface BuildResult {
  /** Of several platforms the digest of the index, as docker's `--iidfile` has it. */
  readonly imageId: Digest;
  /** Of the image in the store, or of the index. */
  readonly manifest: Descriptor;
  /** One for each platform. */
  readonly images: readonly BuiltImage[];
  /** Normalised: `docker.io/library/app:latest`. */
  readonly names: readonly string[];
  readonly outputs: readonly { readonly type: string; readonly path?: string }[];
  /** Of the first platform. */
  readonly config: ImageConfigFile;
  readonly warnings: readonly Diagnostic[];
  /** What `--metadata-file` writes, with buildx's names. */
  readonly metadata: Readonly<Record<string, unknown>>;
}
