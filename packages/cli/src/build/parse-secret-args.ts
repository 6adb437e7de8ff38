import { UsageError } from '../argv/usage-error';

/** Reads every `--secret-arg`: `NAME` for a variable of the environment, which nobody else sees, or `NAME=VALUE`. Messages never repeat a value. Throws UsageError. */
export function parseSecretArgs(command: string, texts: readonly string[], env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const args: Record<string, string> = {};
  for (const text of texts) {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    if (name === '') throw new UsageError(command, 'invalid value for --secret-arg: it has no name', 'the format is NAME, or NAME=VALUE');
    const value = equals < 0 ? env[name] : text.slice(equals + 1);
    if (value === undefined) throw new UsageError(command, `--secret-arg ${name}: the environment has no such variable`);
    args[name] = value;
  }
  return args;
}
