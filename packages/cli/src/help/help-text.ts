import type { Command } from '../argv/command';
import type { FlagSpec, FlagSpecs } from '../argv/flag';

/** The help of one command, laid out as docker's. */
export function commandHelp(command: Command, globals: FlagSpecs): string {
  const names = [command.name, ...(command.aliases ?? [])].map((name) => `strake ${name}`);
  return [
    `Usage:  ${`strake ${command.name} ${command.usage}`.trimEnd()}`,
    command.summary,
    ...(names.length > 1 ? [`Aliases:\n  ${names.join(', ')}`] : []),
    ...section('Options', flagLines(command.flags)),
    ...section('Global Options', flagLines(globals)),
  ].join('\n\n');
}

/** The help of `strake` itself. */
export function rootHelp(commands: readonly Command[], globals: FlagSpecs): string {
  const shown = commands.filter((command) => command.hidden !== true);
  const width = Math.max(...shown.map((command) => command.name.length));
  return [
    'Usage:  strake [OPTIONS] COMMAND',
    'Builds container images from Dockerfiles, without a daemon',
    `Commands:\n${shown.map((command) => `  ${command.name.padEnd(width)}   ${command.summary}`).join('\n')}`,
    ...section('Global Options', flagLines(globals)),
    "Run 'strake COMMAND --help' for more information on a command.",
  ].join('\n\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:\n${lines.join('\n')}`];
}

function flagLines(flags: FlagSpecs): readonly string[] {
  const shown = Object.entries(flags).filter(([, flag]) => flag.refused === undefined);
  const heads = shown.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, flag]) => ({ head: flagHead(name, flag), flag }));
  const width = Math.max(0, ...heads.map(({ head }) => head.length));
  return heads.map(({ head, flag }) => `${head.padEnd(width)}   ${flag.summary}${flag.default === undefined ? '' : ` (default ${flag.default})`}`);
}

function flagHead(name: string, { short, type, placeholder, bare }: FlagSpec): string {
  const letters = short === undefined ? '      ' : `  -${short}, `;
  return `${letters}--${name}${type === 'boolean' ? '' : ` ${placeholder ?? type}`}${bare === undefined ? '' : `[="${bare}"]`}`;
}
