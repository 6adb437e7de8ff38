/** Changes that a device wants for a container (CDI specification, `containerEdits`). */
export interface CdiEdits {
  readonly env?: readonly string[];
  readonly deviceNodes?: readonly CdiNode[];
  readonly mounts?: readonly { readonly hostPath: string; readonly containerPath: string; readonly options?: readonly string[] }[];
  readonly hooks?: readonly unknown[];
  readonly intelRdt?: unknown;
  readonly additionalGids?: readonly number[];
}

/** A device node: without `hostPath` that of the same path, without type and numbers those of the machine's node. */
export interface CdiNode {
  readonly path: string;
  readonly hostPath?: string;
  readonly type?: string;
  readonly major?: number;
  readonly minor?: number;
  readonly fileMode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** One file of a CDI folder, as far as it is used here (Container Device Interface specification, 0.3 to 1.0). */
export interface CdiSpec {
  readonly cdiVersion: string;
  /** `vendor.example/class` */
  readonly kind: string;
  readonly devices: readonly { readonly name: string; readonly containerEdits?: CdiEdits }[];
  readonly containerEdits?: CdiEdits;
}
