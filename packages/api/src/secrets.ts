/** Where `RUN --mount=type=secret` gets its values. */
export interface SecretProvider {
  /** The value of a secret, or undefined when it is not given. Throws OperatorError when it cannot be read. */
  get(id: string): Promise<Buffer | undefined>;
}

/** Where `RUN --mount=type=ssh` gets its agents. */
export interface SshProvider {
  /** The path of a socket that speaks the agent's protocol, or undefined when none is given for the id. */
  socket(id: string): Promise<string | undefined>;
}
