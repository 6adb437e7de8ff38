/** The command line itself is wrong: exit code 2, and a pointer to the help of `command`. */
export class UsageError extends Error {
  /** `strake build`; what `--help` is suggested for. */
  readonly command: string;
  /** One sentence that says what to do. */
  readonly hint: string | undefined;

  constructor(command: string, message: string, hint?: string) {
    super(message);
    this.name = 'UsageError';
    this.command = command;
    this.hint = hint;
  }
}
