/** Facts that a message is about. Never holds a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** Where a builder says what it does, for those who operate it. `console` is one. */
export interface Logger {
  debug(message: string, fields: LogFields): void;
  info(message: string, fields: LogFields): void;
  warn(message: string, fields: LogFields): void;
  error(message: string, fields: LogFields): void;
}
