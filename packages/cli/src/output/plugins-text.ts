import { relative } from 'node:path';
import type { PluginReport, PluginSummary } from '../library';

/** Plugins for people: the default set in short, every other with what it defines; then who listens to which hook. */
export function pluginsText({ plugins, hooks, backend, cache, exporters, sources }: PluginReport, cwd: string): string {
  const builtIn = plugins.filter(({ source }) => source.kind === 'built-in');
  const own = plugins.filter(({ source }) => source.kind !== 'built-in');
  const keywords = builtIn.flatMap(({ instructions }) => instructions.map(({ keyword }) => keyword));
  const lines = [
    'Built in:',
    `  instructions   ${keywords.join(' ')}`,
    `  check rules    ${builtIn.flatMap(({ rules }) => rules).length}`,
    '',
    'Plugins, in the order of registration:',
    ...(own.length === 0 ? ['  none'] : own.flatMap((plugin) => pluginLines(plugin, cwd))),
    '',
    'Hooks, and who is called in this order:',
    ...(hooks.length === 0 ? ['  none is tapped'] : hooks.map(({ hook, plugins: names }) => `  ${hook}   ${names.join(', ')}`)),
    '',
    `Backend: ${backend}   Cache: ${cache}   Sources: ${sources.join(', ')}`,
    `Exporters: ${exporters.join(', ')}`,
  ];
  return lines.join('\n');
}

function pluginLines({ name, source, instructions, directives, rules, hooks }: PluginSummary, cwd: string): readonly string[] {
  return [
    `  ${name}   ${originOf(source, cwd)}`,
    ...instructions.map(({ keyword, summary, flags }) => `    ${[keyword, ...flags.map((flag) => `[--${flag}]`)].join(' ')}   ${summary}`),
    ...(directives.length === 0 ? [] : [`    directives: ${directives.join(', ')}`]),
    ...(rules.length === 0 ? [] : [`    check rules: ${rules.join(', ')}`]),
    ...(hooks.length === 0 ? [] : [`    taps: ${hooks.join(', ')}`]),
  ];
}

function originOf(source: PluginSummary['source'], cwd: string): string {
  switch (source.kind) {
    case 'built-in': return 'built in';
    case 'shipped': return `shipped with strake as ${source.name}`;
    case 'object': return 'from the configuration';
    case 'file': return `from ${shown(source.path, cwd)}`;
    case 'package': return `from ${source.name} ${source.version} (${shown(source.path, cwd)})`;
  }
}

function shown(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near.startsWith('..') ? path : `./${near}`;
}
