import type { ArchiveOptions } from './backend';
import type { Digest, Platform } from './digest';
import type { Descriptor, Image } from './image';

/** What is known of a build before anything runs: what an exporter needs to refuse what it could not do. */
export interface ExportPlan {
  /** The platforms asked for; one or more. */
  readonly platforms: readonly Platform[];
  /** Whether more than one platform was asked for, so that the result is an index. */
  readonly multiPlatform: boolean;
  /** Normalised references that the result gets. */
  readonly names: readonly string[];
  /** The working directory of whoever builds; absolute. */
  readonly cwd?: string;
}

/** What an exporter is asked to write. */
export interface ExportRequest {
  readonly images: readonly Image[];
  /** The platform of each image when together they are one result of several platforms: an index stands for it. Absent: each image stands for itself. */
  readonly platforms?: readonly Platform[];
  /** The file tree of each image, as a tar: sorted, nothing left out. Absent where there are only images. */
  readonly trees?: readonly ((options?: Pick<ArchiveOptions, 'prefix' | 'open'>) => AsyncIterable<Buffer>)[];
  /** Seconds since 1970 when the build has a SOURCE_DATE_EPOCH: no time that an exporter writes is later. */
  readonly epoch?: number;
  /** Normalised references, `docker.io/library/app:1`. */
  readonly names: readonly string[];
  /** `--output type=oci,dest=x,tar=false` without `type`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  progress(label: string, current: number, total?: number): void;
}

/** What an exporter wrote. */
export interface ExportResult {
  readonly path?: string;
  /** Of the manifest or the index as it was written: another than in the store where layers are compressed. */
  readonly manifest?: Descriptor;
  /** The image ID, when it is one image. */
  readonly imageId?: Digest;
  /** The names that it was written under. */
  readonly names?: readonly string[];
}

/** Writes results out; writes to a temporary name and renames, so nothing half-written is left. */
export interface Exporter {
  /** The `type` that selects it. */
  readonly type: string;
  /** It writes the files of a result and needs `trees`. */
  readonly wantsTrees?: boolean;
  /** Whether it reads the layers of images, or only what they are called; it does where this is absent. */
  needsLayers?(attributes: Readonly<Record<string, string>>): boolean;
  readonly summary: string;
  /** Refuses bad attributes, and what it could not do, before anything runs. Without a plan only the attributes count. Throws USAGE, UNSUPPORTED. */
  check(attributes: Readonly<Record<string, string>>, plan?: ExportPlan): void;
  export(request: ExportRequest): Promise<ExportResult>;
}
