/** Certificates of a connection, as paths' contents. */
export interface EngineTls {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** Whether the engine's certificate is checked. */
  readonly verify: boolean;
  /** Where they are, for messages. */
  readonly folder?: string;
}

/** Where an engine listens. `from` says who named it, for messages. */
export type EngineAddress = { readonly from: string; readonly shown: string } & (
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: EngineTls }
  | { readonly kind: 'ssh'; readonly host: string; readonly port?: number; readonly user?: string; /** The engine's socket there, where it is not the usual one. */ readonly socket?: string }
);

/** What chooses an engine. All that is absent comes from the environment, as Docker's own client takes it. */
export interface EngineChoice {
  /** `unix:///path`, `tcp://host:port`, `ssh://user@host`. */
  readonly host?: string;
  /** The name of a Docker context. */
  readonly context?: string;
  /** TLS for `tcp://` hosts: true, or the folder of `ca.pem`, `cert.pem` and `key.pem`. */
  readonly tls?: boolean | string;
}
