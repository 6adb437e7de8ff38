import { BACKEND, CACHE_STRATEGY, EXPORTERS, SOURCES, type Backend, type CacheStrategy, type Exporter, type SourceProvider } from '@strake/api';
import type { HookTaps } from '@strake/core';
import type { Registered } from './plugin-set';
import type { PluginSource } from './plugin-entry';

/** A plugin as it was registered. */
export interface PluginSummary {
  readonly name: string;
  readonly source: PluginSource;
  readonly instructions: readonly { readonly keyword: string; readonly summary: string; readonly flags: readonly string[] }[];
  /** Keys of parser directives. */
  readonly directives: readonly string[];
  /** Names of check rules. */
  readonly rules: readonly string[];
  /** Hooks that it taps itself, as `before RUN`; what defines an instruction is not among them. */
  readonly hooks: readonly string[];
}

/** Everything that a builder is made of. */
export interface PluginReport {
  /** In the order of registration. */
  readonly plugins: readonly PluginSummary[];
  /** Who taps each hook, in the order of being called. */
  readonly hooks: readonly HookTaps[];
  readonly backend: string;
  readonly cache: string;
  readonly exporters: readonly string[];
  /** Schemes that somebody brings. */
  readonly sources: readonly string[];
}

/** Resolves a part of the injection container. */
type Resolve = (token: symbol) => unknown;

/** What is registered, from where, and in which order. */
export function describePlugins({ plugins, instructions }: Registered, resolve: Resolve): PluginReport {
  const hooks = instructions.taps();
  const summaries = plugins.map(({ plugin: { name }, source }): PluginSummary => ({
    name,
    source,
    instructions: [...instructions.table.values()].filter(({ keyword }) => instructions.owners.get(keyword) === name)
      .map(({ keyword, summary, flags = {} }) => ({ keyword, summary, flags: Object.keys(flags) })),
    directives: [...instructions.directiveOwners].filter(([, owner]) => owner === name).map(([key]) => key),
    rules: instructions.rules.filter((rule) => rule.plugin === name).map(({ definition }) => definition.name),
    hooks: hooks.filter(({ plugins: names }) => names.includes(name)).map(({ hook }) => hook),
  }));
  return {
    plugins: summaries,
    hooks,
    backend: (resolve(BACKEND) as Backend).name,
    cache: (resolve(CACHE_STRATEGY) as CacheStrategy).name,
    exporters: (resolve(EXPORTERS) as readonly Exporter[]).map(({ type }) => type),
    sources: (resolve(SOURCES) as readonly SourceProvider[]).map(({ scheme }) => scheme),
  };
}
