/** `algorithm:hex`, as the OCI image specification writes it (descriptor.md, "Digests"). */
export type Digest = `sha256:${string}`;

/** `os/architecture[/variant]`, parsed. Names are Go's: linux, amd64, arm64, v8. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly osVersion?: string;
}
