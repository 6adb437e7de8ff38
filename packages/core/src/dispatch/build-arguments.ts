import type { Diagnostic, InstructionNode } from '@strake/api';

/** Build arguments that need no ARG: the proxies of a machine. */
export const PROXY_NAMES: readonly string[] = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

/** The proxies that are given and that the program does not have already, in both cases. */
export function proxyEnvironment(buildArgs: Readonly<Record<string, string | undefined>>, env: readonly string[]): readonly string[] {
  return PROXY_NAMES.flatMap((name) => {
    const value = buildArgs[name] ?? buildArgs[name.toLowerCase()] ?? buildArgs[name.toUpperCase()];
    return value === undefined || env.some((entry) => entry.startsWith(`${name}=`)) ? [] : [`${name}=${value}`];
  });
}

/** The warning of build arguments that no ARG of the file declares and that are not known otherwise, or undefined. */
export function unusedArguments(
  buildArgs: Readonly<Record<string, string | undefined>>,
  instructions: readonly InstructionNode[],
  known: readonly string[],
): Diagnostic | undefined {
  const text = instructions.filter(({ keyword }) => keyword === 'ARG' || keyword === 'ONBUILD').map((node) => node.text).join(' ');
  const declared = new Set(text.split(/\s+/).map((word) => word.split('=', 1)[0]));
  const predefined = (name: string) => PROXY_NAMES.includes(name) || known.includes(name) || name.startsWith('BUILDKIT_') || name === 'SOURCE_DATE_EPOCH';
  const unused = Object.keys(buildArgs).filter((name) => !declared.has(name) && !predefined(name)).sort();
  if (unused.length === 0) return undefined;
  return { code: 'UnusedBuildArg', severity: 'warning', message: `One or more build-args [${unused.join(' ')}] were not consumed` };
}
