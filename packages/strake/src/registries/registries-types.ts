import type { Descriptor, Digest, PullMessage } from '@strake/api';
import type { TransferProgress } from '@strake/registry';

/** Which images of one with several platforms. */
export interface PlatformOptions {
  /** `linux/arm64`; by default this machine's. */
  readonly platform?: string;
  readonly allPlatforms?: boolean;
}

/** What all work with registries can be told. */
export interface RegistryOptions {
  /** Hosts that may be insecure, besides those of the configuration. */
  readonly insecure?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TransferProgress) => void;
  /** What a backend says that pulls images itself, with the names and digests that it got; there is no other progress then. */
  readonly onMessage?: (message: PullMessage) => void;
}

/** An image that was pulled. */
export interface PulledImage {
  /** Normalised. */
  readonly name: string;
  /** Of the manifest, or of the index. */
  readonly manifest: Descriptor;
  /** Whether the name stood for the same before. */
  readonly upToDate: boolean;
}

/** Who logs in where. */
export interface LogInOptions extends RegistryOptions {
  readonly username: string;
  readonly password: string;
}

/**
 * Work with registries. All throw REGISTRY_DENIED, REGISTRY_FAILED, REGISTRY_UNREACHABLE, IMAGE_MISSING, IMAGE_INVALID, DIGEST_MISMATCH,
 * REFERENCE_INVALID, CANCELLED.
 */
export interface Registries {
  /** Into the store, or by a backend that keeps images itself: that asks the registry in its own way, and takes neither `insecure` nor `allPlatforms` (UNSUPPORTED). */
  pull(reference: string, options?: RegistryOptions & PlatformOptions): Promise<PulledImage>;
  /** All tags of a repository, one after the other. */
  pullAllTags(repository: string, options?: RegistryOptions & PlatformOptions & { readonly onBegin?: (reference: string) => void; readonly onTag?: (image: PulledImage) => void }): Promise<readonly PulledImage[]>;
  /** Pushes what the store, or a backend that keeps images itself, has under a name; `source` when that is another image. */
  push(name: string, options?: RegistryOptions & PlatformOptions & { readonly source?: string }): Promise<Descriptor>;
  /** Names of the store, or of a backend that keeps images itself, that are in a repository. */
  namesOf(repository: string): Promise<readonly string[]>;
  /** Copies; a place is a reference (of a registry), `store:REFERENCE`, or `oci-layout://FOLDER[:TAG][@DIGEST]`. */
  copy(from: string, to: string, options?: RegistryOptions & PlatformOptions): Promise<Descriptor>;
  /** Verifies and keeps a name and a password. */
  logIn(server: string, options: LogInOptions): Promise<{ readonly file: string; readonly helper?: string }>;
  /** Verifies a name and a password, and keeps nothing; answers the identity token that the registry gave, where it gives one. */
  checkLogIn(server: string, options: LogInOptions): Promise<string | undefined>;
  /** False when nobody was logged in. */
  logOut(server: string): Promise<boolean>;
  userOf(server: string): Promise<string | undefined>;
  /** What a reference stands for now. */
  digestOf(reference: string, options?: RegistryOptions): Promise<Digest>;
}
