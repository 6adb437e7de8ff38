import { InstructionError } from '@strake/api';

/** The lower-cased name of `FROM base [AS name]`, or undefined. Throws on any other shape. */
export function stageName(words: readonly string[]): string | undefined {
  const [, as = '', written = ''] = words;
  if (words.length === 1) return undefined;
  if (words.length !== 3 || as.toLowerCase() !== 'as') throw new InstructionError('FROM requires either one or three arguments');
  const name = written.toLowerCase();
  if (!/^[a-z][a-z0-9-_.]*$/.test(name)) {
    throw new InstructionError(`invalid name for build stage: "${written}", name can't start with a number or contain symbols`, { at: written });
  }
  return name;
}
