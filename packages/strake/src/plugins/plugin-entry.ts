import type { Plugin } from '@strake/api';

/** A module whose plugins are registered when a build first needs instructions. It is not looked for before. */
export interface PluginModule {
  /** A package's name, or a path: one that is relative begins with `./` or `../`. */
  readonly specifier: string;
  /** Where it is looked for from; absolute. */
  readonly directory: string;
  /** Loads a file that Node itself cannot: TypeScript. */
  readonly load?: (path: string) => Promise<unknown>;
}

/** What a configuration may name as a plugin: the thing itself, or where it is. */
export type PluginEntry = Plugin | PluginModule | string;

/** Where a plugin is from. */
export type PluginSource =
  /** The default set. */
  | { readonly kind: 'built-in' }
  /** One that strake brings, for who names it. */
  | { readonly kind: 'shipped'; readonly name: string }
  /** Given to the builder as an object. */
  | { readonly kind: 'object' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'package'; readonly name: string; readonly version: string; readonly path: string };

/** A plugin and where it is from. */
export interface SourcedPlugin {
  readonly plugin: Plugin;
  readonly source: PluginSource;
}

/** Whether a value can be registered. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Plugin>).name === 'string' && typeof (value as Partial<Plugin>).apply === 'function';
}

/** A source as people read it: `./motd.ts`, `strake-motd 1.2.0`. */
export function sourceText(source: PluginSource): string {
  switch (source.kind) {
    case 'built-in': return 'built in';
    case 'shipped': return `strake's own ${source.name}`;
    case 'object': return 'the configuration';
    case 'file': return source.path;
    case 'package': return `${source.name} ${source.version} (${source.path})`;
  }
}
