import type { StageView } from '@strake/api';

/** Build arguments that need no ARG; their values are in no key unless one names them. */
const PREDEFINED: ReadonlySet<string> = new Set(['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]));

/**
 * The build arguments that a program's command begins with: `NAME=value`, in the order of their bytes. Undefined when the program sees none;
 * an empty list when it sees only those that count in no key. A variable of the same name goes before an argument.
 */
export function argumentList(view: Pick<StageView, 'args' | 'declared' | 'config'>, buildArgs: Readonly<Record<string, string | undefined>>): readonly string[] | undefined {
  const variables = new Set((view.config.Env ?? []).map((entry) => entry.split('=', 1)[0]));
  const given = Object.entries(buildArgs).some(([name, value]) => PREDEFINED.has(name) && value !== undefined && !variables.has(name));
  const args = seenArguments(view);
  return args.length > 0 || given ? args : undefined;
}

/** The declared build arguments that a program sees. */
export function seenArguments({ args, config: { Env = [] } }: Pick<StageView, 'args' | 'config'>): readonly string[] {
  const variables = new Set(Env.map((entry) => entry.split('=', 1)[0]));
  const values = new Map(args.map(({ name, value }) => [name, value]));
  const list = [...values].filter(([name]) => !variables.has(name)).map(([name, value]) => `${name}=${value}`);
  return list.sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
}
