import type { Readable } from 'node:stream';
import type { Digest, Platform } from './digest';

/** OCI image-spec `config.md`, with Docker's extensions (Healthcheck, OnBuild, Shell). Field names are the specification's. */
export interface ContainerConfig {
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly Volumes?: Readonly<Record<string, Record<string, never>>>;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly StopSignal?: string;
  readonly ArgsEscaped?: boolean;
  readonly Healthcheck?: Healthcheck;
  readonly OnBuild?: readonly string[] | null;
  readonly Shell?: readonly string[];
}

/** Docker's health check; durations in nanoseconds. */
export interface Healthcheck {
  readonly Test: readonly string[];
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
  readonly Retries?: number;
}

/** One step of an image's making: OCI image-spec `config.md`, "history". */
export interface HistoryEntry {
  /** RFC 3339. */
  readonly created?: string;
  readonly created_by?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
}

/** The image config file: what the image ID is the digest of. */
export interface ImageConfigFile {
  readonly created?: string;
  readonly author?: string;
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly 'os.version'?: string;
  readonly config: ContainerConfig;
  readonly rootfs: { readonly type: 'layers'; readonly diff_ids: readonly Digest[] };
  readonly history: readonly HistoryEntry[];
}

/** OCI image-spec `descriptor.md`. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly platform?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One layer; `diffId` is of the uncompressed tar, `descriptor.digest` of the bytes that `open` gives. */
export interface Layer {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
  open(): Readable;
}

/** A read-only image. `configBytes` is exactly what `config.digest` covers; its digest is the image ID but where `id` says another. */
export interface Image {
  /** What the backend that keeps it calls it, where that is not the digest of its config. */
  readonly id?: Digest;
  readonly manifest: Descriptor;
  readonly manifestBytes: Buffer;
  readonly config: ImageConfigFile;
  readonly configDescriptor: Descriptor;
  readonly configBytes: Buffer;
  readonly layers: readonly Layer[];
}

/** An image found for a reference. */
export interface ResolvedImage {
  /** `name[:tag]@digest` */
  readonly reference: string;
  /** The manifest's digest. */
  readonly digest: Digest;
  /** The image ID: the digest of the config, where the backend knows it. */
  readonly id?: Digest;
  readonly config: ImageConfigFile;
  readonly platform: Platform;
}
