/** What is special about registries: part of a configuration, or the file `registries.json`. Hosts are `registry.test` or `registry.test:5000`. */
export interface RegistriesConfig {
  /** Hosts that may be talked to in plain HTTP, and whose certificates nobody need have signed. Without a port: every port. This machine (localhost, 127.0.0.0/8, ::1) always is one. */
  readonly insecure?: readonly string[];
  /** By host (`docker.io`): where to ask first, in order, when reading: `mirror.test`, `https://mirror.test/prefix`. */
  readonly mirrors?: Readonly<Record<string, readonly string[]>>;
  /** By host: a PEM file with certificates of authorities to trust besides the system's. */
  readonly certificates?: Readonly<Record<string, string>>;
  /** Folders with a folder per host: `*.crt` are authorities, `*.cert` and `*.key` the client's. Docker's and containers' by default. */
  readonly certificateFolders?: readonly string[];
  /** Layers that are transferred at the same time; 4 by default. */
  readonly parallel?: number;
  /** How often a request is tried that failed for a passing reason; 7 by default, with about 16 seconds of waiting between them. */
  readonly attempts?: number;
  /** Upload layers in pieces of so many bytes. By default in one piece, and in pieces of 16 MiB where that is too large for the registry. */
  readonly chunkSize?: number;
}

/** The keys, for refusing others. */
export const REGISTRIES_KEYS = ['insecure', 'mirrors', 'certificates', 'certificateFolders', 'parallel', 'attempts', 'chunkSize'] as const satisfies readonly (keyof RegistriesConfig)[];
