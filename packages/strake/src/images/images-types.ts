import type { Descriptor, Digest, ImageConfigFile } from '@strake/api';
import type { Readable, Writable } from 'node:stream';

/** One image of the store. */
export interface ImageSummary {
  readonly id: Digest;
  /** Normalised; empty for an image without a name. */
  readonly names: readonly string[];
  /** RFC 3339. */
  readonly created: string | undefined;
  /** Bytes of all layers, uncompressed. */
  readonly size: number;
  /** The image that it was made on, where each instruction has an image. */
  readonly parent?: Digest;
  /** Nobody has given it a name, and others were made on it; or a backend keeps it for builds to begin with. */
  readonly intermediate?: true;
  /** Names by digest, where a registry is known to have it under them: it was pulled or pushed. */
  readonly digests?: readonly string[];
}

/** All that is known of one image. */
export interface ImageDetails extends ImageSummary {
  readonly manifest: Descriptor;
  readonly config: ImageConfigFile;
  /** Lowest first; sizes in bytes. */
  readonly layers: readonly { readonly diffId: Digest; readonly size: number }[];
}

/** How an image is made of a root file system, as by `docker import`. */
export interface ImportOptions {
  readonly name?: string;
  /** Of the one entry of its history. */
  readonly message?: string;
  /** Dockerfile instructions that change a config: CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME, WORKDIR. */
  readonly changes?: readonly string[];
  /** `linux/arm64`; by default this machine's. */
  readonly platform?: string;
  readonly signal?: AbortSignal;
}

/** Work on the images of a store. References are names, image IDs or unique beginnings of image IDs; all throw IMAGE_MISSING, REFERENCE_INVALID. */
export interface Images {
  /** `store`: strake's, where what was removed lies until `prune`. `backend`: a place of the backend's own. */
  readonly keptBy: 'store' | 'backend';
  list(): Promise<readonly ImageSummary[]>;
  get(reference: string): Promise<ImageDetails>;
  tag(reference: string, name: string): Promise<void>;
  /** Takes a name away, or by an ID all names (several only with `force`), and the image with the last one. */
  remove(reference: string, options?: { readonly force?: boolean }): Promise<{ readonly untagged: readonly string[]; readonly deleted: readonly Digest[] }>;
  /** From a path (archive or OCI layout folder) or a stream; `name` turns a plain root file system into an image. */
  load(input: string | Readable, options?: { readonly name?: string; readonly signal?: AbortSignal }): Promise<readonly { readonly id: Digest; readonly names: readonly string[] }[]>;
  /** Makes an image of one layer out of a root file system's tar, compressed or not; its ID. Throws USAGE for other instructions, IMAGE_INVALID. */
  import(input: Readable, options?: ImportOptions): Promise<Digest>;
  /**
   * Writes an archive of several images, for `docker load` too; `docker` is the older format. To a file, to standard output (`-`), or to a stream: that gets the
   * bytes as they are made, no faster than it takes them, nothing before all images are found, and is not ended.
   */
  save(references: readonly string[], options: { readonly format: 'oci' | 'docker'; readonly destination: string | Writable; readonly signal?: AbortSignal }): Promise<void>;
  /** Deletes what nothing needs; `all` also deletes images without a name and the build cache. With `dryRun` only says what it would. Both are false by default. */
  prune(options?: { readonly all?: boolean; readonly dryRun?: boolean }): Promise<{ readonly deleted: readonly string[]; /** Bytes. */ readonly reclaimed: number }>;
}
