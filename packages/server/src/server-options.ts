import type { Builder, CredentialProvider } from 'strake';

/** In milliseconds; see `bodyWindow`. */
export const BODY_WINDOW = 30_000;

/** What a server is started with. */
export interface ServerOptions {
  /** Builds, and holds the images. The server does not close it. */
  readonly builder: Builder;
  /** Makes a builder like it that asks registries with other credentials, for one request; the server closes it. Without it credentials of clients are refused. */
  readonly builderWith?: (credentials: CredentialProvider) => Promise<Builder>;
  /** Version of strake that clients are told. */
  readonly version: string;
  /** Builds at once; the others wait for their turn. */
  readonly parallelBuilds: number;
  /** Builds that may wait; when there are more, one of whoever waits with the most is refused with 503. */
  readonly waitingBuilds: number;
  /** Where archives of contexts are unpacked: an existing private directory. */
  readonly workDirectory: string;
  /** Bytes of one build context after decompression; a larger one is refused. */
  readonly contextLimit: number;
  /** Milliseconds in which a body that is waited for must bring 16 KiB, over and over; 30,000 by default. Slower ones are refused with 408. */
  readonly bodyWindow?: number;
  /** One of them is expected in `Authorization: Bearer …` where a connection is not otherwise known to be allowed; each is a client of its own in the queue. */
  readonly tokens?: readonly string[];
  /** `fatal` … `trace`, or `silent`. */
  readonly logLevel: string;
  /** Where log lines go; standard error by default. */
  readonly logTo?: { write(line: string): void };
}
