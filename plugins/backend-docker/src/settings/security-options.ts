import { readFileSync } from 'node:fs';
import { OperatorError, suggest } from '@strake/api';

/** Security options as the engine is told them. */
export interface SecurityOptions {
  /** `HostConfig.SecurityOpt` */
  readonly options: readonly string[];
  /** Programs see all of /proc and /sys: `systempaths=unconfined`. */
  readonly allSystemPaths: boolean;
}

const NAMES = ['apparmor', 'label', 'no-new-privileges', 'seccomp', 'systempaths'];
const PROFILES: readonly string[] = ['unconfined', 'builtin'];

/** Reads `--security-opt` as Docker's client does: a seccomp profile is a file of this machine, whose content is sent. Throws CONFIG_INVALID. */
export function securityOptions(given: readonly string[]): SecurityOptions {
  return {
    options: given.filter((option) => nameOf(option) !== 'systempaths').map(engineOption),
    allSystemPaths: given.some((option) => nameOf(option) === 'systempaths' && unconfined(option)),
  };
}

/** `seccomp` of `seccomp=unconfined` and of the older `seccomp:unconfined`. */
export const nameOf = (option: string): string => option.split(/[=:]/, 1)[0] ?? '';

export const valueOf = (option: string): string => option.slice(nameOf(option).length + 1);

function engineOption(option: string): string {
  const [name, value] = [nameOf(option), valueOf(option)];
  if (!NAMES.includes(name)) throw wrong(option, hintFor(name));
  if (name === 'no-new-privileges') {
    if (!['', 'true', 'false'].includes(value)) throw wrong(option, 'It is true or false.');
    return option;
  }
  if (value === '') throw wrong(option, `Like ${name}=unconfined.`);
  return name === 'seccomp' && !PROFILES.includes(value) ? `seccomp=${profile(value, option)}` : option;
}

function unconfined(option: string): boolean {
  if (valueOf(option) === 'unconfined') return true;
  throw wrong(option, 'The only one is systempaths=unconfined.');
}

function profile(path: string, option: string): string {
  try {
    return JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw wrong(option, `The profile cannot be read: ${(error as Error).message}`, error);
  }
}

function hintFor(name: string): string {
  const near = suggest(name, NAMES);
  return near === undefined ? `Known: ${NAMES.join(', ')}.` : `Did you mean ${near}?`;
}

function wrong(option: string, hint: string, cause?: unknown): OperatorError {
  return new OperatorError('CONFIG_INVALID', `the docker backend has no security option "${option}"`, { hint, cause });
}
