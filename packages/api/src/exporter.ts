import type { Image } from './image';

/** What an exporter is asked to write. */
export interface ExportRequest {
  readonly images: readonly Image[];
  /** Normalised references, `docker.io/library/app:1`. */
  readonly names: readonly string[];
  /** `--output type=oci,dest=x,tar=false` without `type`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  progress(label: string, current: number, total?: number): void;
}

/** Writes results out; writes to a temporary name and renames, so nothing half-written is left. */
export interface Exporter {
  /** The `type` that selects it. */
  readonly type: string;
  readonly summary: string;
  /** Refuses bad attributes before anything runs. Throws USAGE. */
  check(attributes: Readonly<Record<string, string>>): void;
  export(request: ExportRequest): Promise<{ readonly path?: string }>;
}
