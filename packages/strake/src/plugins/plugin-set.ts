import { StrakeError, type Plugin } from '@strake/api';
import { createRegistry, type Instructions } from '@strake/core';
import { defaultPlugins } from '../builder/default-plugins';
import { SyntaxPolicy, type SyntaxRule } from '../prepare/syntax-policy';
import { loadPlugins } from './load-plugins';
import { isPlugin, sourceText, type PluginEntry, type SourcedPlugin } from './plugin-entry';
import { shippedHint } from './shipped-hint';

/** What builds get once all plugins are registered. */
export interface Registered {
  readonly instructions: Instructions;
  readonly syntax: SyntaxPolicy;
  readonly plugins: readonly SourcedPlugin[];
}

/** The plugins of a builder: loaded and registered once, when something first needs instructions. */
export class PluginSet {
  readonly #entries: readonly PluginEntry[];
  readonly #directory: string;
  readonly #rules: readonly SyntaxRule[];
  #registered: Promise<Registered> | undefined;

  /** Modules are looked for from `directory`. */
  constructor(entries: readonly PluginEntry[], directory: string, rules: readonly SyntaxRule[]) {
    this.#entries = entries;
    this.#directory = directory;
    this.#rules = rules;
  }

  /** Whether nothing has to be loaded: what is wrong can then be told at once. */
  get isLoaded(): boolean {
    return this.#entries.every(isPlugin);
  }

  /** Throws CONFIG_INVALID, PLUGIN_INVALID, PLUGIN_CONFLICT. */
  registered(): Promise<Registered> {
    return (this.#registered ??= this.#register());
  }

  /** Does work that calls plugins: an error of one of them says where it is from, and of a word that nobody knows which plugin that strake ships would. */
  async blaming<T>(work: () => Promise<T>): Promise<T> {
    const { plugins } = await this.registered();
    try {
      return await work();
    } catch (error) {
      if (error instanceof StrakeError) error.hint = (await shippedHint(error)) ?? error.hint;
      const found = error instanceof StrakeError ? plugins.find(({ plugin }) => plugin.name === error.plugin) : undefined;
      if (found !== undefined && error instanceof StrakeError) error.notes = [...error.notes, originOf(found), ...placeOf(error.cause)];
      throw error;
    }
  }

  async #register(): Promise<Registered> {
    const own = await loadPlugins(this.#entries, this.#directory);
    const plugins: readonly SourcedPlugin[] = [...defaultPlugins.map((plugin): SourcedPlugin => ({ plugin, source: { kind: 'built-in' } })), ...own];
    const instructions = register(plugins);
    const given = (more: readonly Plugin[]): Instructions => register([...plugins, ...more.map((plugin): SourcedPlugin => ({ plugin, source: { kind: 'object' } }))]);
    return { plugins, instructions, syntax: new SyntaxPolicy(this.#rules, instructions, given) };
  }
}

function register(plugins: readonly SourcedPlugin[]): Instructions {
  const registry = createRegistry();
  for (const { plugin, source } of plugins) {
    try {
      registry.use(plugin);
    } catch (error) {
      if (error instanceof StrakeError) error.notes = [...error.notes, originOf({ plugin, source }), ...placeOf(error.cause)];
      throw error;
    }
  }
  return registry.freeze();
}

const originOf = ({ plugin, source }: SourcedPlugin): string => `${plugin.name} is from ${sourceText(source)}`;

/** Where in the plugin's file an exception was thrown. */
function placeOf(cause: unknown): readonly string[] {
  const stack = cause instanceof Error ? (cause.stack ?? '') : '';
  const [, place] = /\n\s+at .*?((?:\/|[A-Z]:\\)[^()\n]+:\d+:\d+)/.exec(stack) ?? [];
  // The path of a URL has three slashes before it.
  return place === undefined ? [] : [`thrown at ${place.replace(/^\/+/, '/')}`];
}
