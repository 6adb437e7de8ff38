import type { Diagnostic, InstructionNode } from '@strake/api';
import { isBuildkitArgument } from './buildkit-arguments';

/** Build arguments that need no ARG: the proxies of a machine. */
export const PROXY_NAMES: readonly string[] = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

/** The proxies that are given, in capitals and not, however their names are written. The stage's own variables do not count. */
export function proxyEnvironment(buildArgs: Readonly<Record<string, string | undefined>>): readonly string[] {
  const given = Object.entries(buildArgs).sort(([a], [b]) => (a < b ? -1 : 1));
  return PROXY_NAMES.flatMap((name) => {
    const value = given.findLast(([other]) => other.toLowerCase() === name.toLowerCase())?.[1];
    return value === undefined || value === '' ? [] : [`${name}=${value}`];
  });
}

/** The names that the text of a file declares, triggers included, whether the stage is needed or not. */
export function writtenArguments(instructions: readonly InstructionNode[]): ReadonlySet<string> {
  const text = instructions.filter(({ keyword }) => keyword === 'ARG' || keyword === 'ONBUILD').map((node) => node.text).join(' ');
  return new Set(text.split(/\s+/).map((word) => word.split('=', 1)[0] ?? ''));
}

/** The warning of build arguments that no ARG of the file declares and that are not known otherwise, or undefined. */
export function unusedArguments(
  buildArgs: Readonly<Record<string, string | undefined>>,
  declared: ReadonlySet<string>,
  known: readonly string[],
): Diagnostic | undefined {
  const predefined = (name: string) => PROXY_NAMES.includes(name) || known.includes(name) || isBuildkitArgument(name) || name === 'SOURCE_DATE_EPOCH';
  const unused = Object.keys(buildArgs).filter((name) => !declared.has(name) && !predefined(name)).sort();
  if (unused.length === 0) return undefined;
  return { code: 'UnusedBuildArg', severity: 'warning', message: `One or more build-args [${unused.join(' ')}] were not consumed` };
}
