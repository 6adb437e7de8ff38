import { DockerfileError, InstructionError, PluginError, StrakeError } from '@strake/api';
import type { AnyInstructionDefinition, BuilderHooks, DirectiveDefinition, Plugin, PluginBuilder, RuleDefinition } from '@strake/api';
import { AsyncSeriesHook, HookMap, SyncBailHook, SyncHook, SyncWaterfallHook } from 'tapable';
import { KNOWN_DIRECTIVES } from '../parser/directives';
import { syntaxOf } from '../parser/syntax';
import type { SyntaxTable } from '../parser/syntax';
import { checkDefinition } from './check-definition';
import { checkRule } from './check-rule';

/** What is known of instructions once registration has ended. */
export interface Instructions {
  readonly table: ReadonlyMap<string, AnyInstructionDefinition>;
  /** The plugin that defines a keyword. */
  readonly owners: ReadonlyMap<string, string>;
  readonly syntax: SyntaxTable;
  readonly hooks: BuilderHooks;
  /** Keys of the plugins' directives, in lower case. */
  readonly directives: readonly string[];
  /** The plugin that defines each of them. */
  readonly directiveOwners: ReadonlyMap<string, string>;
  /** In order of registration. */
  readonly rules: readonly RegisteredRule[];
  /** Who listens to which hook; definitions of instructions are not among them. */
  taps(): readonly HookTaps[];
}

/** Those who tap a hook, in the order of being called. */
export interface HookTaps {
  /** `graph`, `before RUN`. */
  readonly hook: string;
  /** Names of plugins; one that taps twice is there twice. */
  readonly plugins: readonly string[];
}

/** A check rule and the plugin that it is of. */
export interface RegisteredRule {
  readonly plugin: string;
  readonly definition: RuleDefinition;
}

/** Takes plugins until it is frozen. */
export interface Registry extends PluginBuilder {
  use(plugin: Plugin): Registry;
  /** Ends registration. Later definitions and taps throw a `PluginError`. */
  freeze(): Instructions;
}

/** An empty registry. */
export function createRegistry(): Registry {
  return new PluginRegistry();
}

interface Hookable {
  readonly name?: string;
  readonly taps: readonly { readonly name: string; readonly defines?: true }[];
  intercept(interceptor: { register: (tap: { name: string; fn: (...values: unknown[]) => unknown }) => unknown }): void;
}

class PluginRegistry implements Registry {
  private readonly owned = new Map<string, { readonly plugin: string; readonly definition: AnyInstructionDefinition }>();
  private readonly rules = new Map<string, RegisteredRule>();
  private readonly directives = new Map(KNOWN_DIRECTIVES.map((key) => [key, 'the Dockerfile language']));
  private readonly made: Hookable[] = [];
  private frozen = false;

  readonly hooks: BuilderHooks = {
    dockerfile: this.guarded(new SyncWaterfallHook(['dockerfile'], 'dockerfile')),
    stageStart: this.guarded(new SyncWaterfallHook(['triggers', 'stage'], 'stageStart')),
    before: new HookMap((key) => this.guarded(new SyncHook(['instruction', 'stage'], `before ${String(key)}`))),
    lower: new HookMap((key) => this.guarded(new SyncBailHook(['instruction', 'stage'], `lower ${String(key)}`))),
    after: new HookMap((key) => this.guarded(new SyncWaterfallHook(['lowered', 'instruction', 'stage'], `after ${String(key)}`))),
    graph: this.guarded(new SyncWaterfallHook(['graph'], 'graph')),
    event: this.guarded(new SyncHook(['event'], 'event')),
    done: this.guarded(new AsyncSeriesHook(['end'], 'done')),
  };

  use(plugin: Plugin): Registry {
    blaming(plugin.name, 'apply', () => plugin.apply(this));
    return this;
  }

  directive(plugin: string, { key }: DirectiveDefinition): void {
    this.refuseFrozen(plugin);
    if (!/^[a-z][a-z0-9]*$/i.test(key)) throw new PluginError('PLUGIN_INVALID', `${plugin}: the directive ${key} is not letters and digits`);
    const owner = this.directives.get(key.toLowerCase());
    if (owner !== undefined) throw new PluginError('PLUGIN_CONFLICT', `${plugin} and ${owner} both define the directive ${key}`);
    this.directives.set(key.toLowerCase(), plugin);
  }

  define(plugin: string, definition: AnyInstructionDefinition): void {
    this.refuseFrozen(plugin);
    checkDefinition(plugin, definition);
    const earlier = this.owned.get(definition.keyword);
    if (earlier !== undefined && definition.replaces !== true) {
      throw new PluginError('PLUGIN_CONFLICT', `${plugin} and ${earlier.plugin} both define ${definition.keyword}`, {
        hint: 'say replaces: true in the one that shall win',
      });
    }
    this.owned.set(definition.keyword, { plugin, definition });
    // A replaced definition keeps its tap, and must not answer.
    this.hooks.lower.for(definition.keyword).tap({ name: plugin, defines: true } as { name: string }, (instruction, stage) =>
      this.owned.get(definition.keyword)?.definition === definition ? definition.lower(instruction, stage) : (undefined as never));
  }

  rule(plugin: string, definition: RuleDefinition): void {
    this.refuseFrozen(plugin);
    checkRule(plugin, definition);
    const earlier = this.rules.get(definition.name);
    if (earlier !== undefined && definition.replaces !== true) {
      throw new PluginError('PLUGIN_CONFLICT', `${plugin} and ${earlier.plugin} both define the rule ${definition.name}`, {
        hint: 'say replaces: true in the one that shall win',
      });
    }
    this.rules.set(definition.name, { plugin, definition });
  }

  freeze(): Instructions {
    this.frozen = true;
    const table = new Map([...this.owned].map(([keyword, { definition }]) => [keyword, definition]));
    const syntax = new Map([...table].map(([keyword, { args }]) => [keyword, syntaxOf(args)]));
    const owners = new Map([...this.owned].map(([keyword, { plugin }]) => [keyword, plugin]));
    const directives = [...this.directives.keys()].filter((key) => !KNOWN_DIRECTIVES.includes(key));
    const directiveOwners = new Map([...this.directives].filter(([key]) => directives.includes(key)));
    return Object.freeze({ directives, directiveOwners, table, owners, syntax, hooks: this.hooks, rules: [...this.rules.values()], taps: () => tapsOf(this.made) });
  }

  private guarded<H>(hook: H): H {
    const name = (hook as { name?: string }).name ?? '';
    this.made.push(hook as Hookable);
    (hook as Hookable).intercept({
      register: (tap) => {
        this.refuseFrozen(tap.name);
        return { ...tap, fn: named(tap.name, name, tap.fn) };
      },
    });
    return hook;
  }

  private refuseFrozen(plugin: string): void {
    if (this.frozen) throw new PluginError('PLUGIN_INVALID', `${plugin} registers after registration has ended`);
  }
}

function tapsOf(hooks: readonly Hookable[]): readonly HookTaps[] {
  const tapped = hooks.map(({ name = '', taps }) => ({ hook: name, plugins: taps.filter(({ defines }) => defines !== true).map((tap) => tap.name) }));
  return tapped.filter(({ plugins }) => plugins.length > 0);
}

/** Wraps a tap so that what it throws says whose it is. */
function named(plugin: string, hook: string, fn: (...values: unknown[]) => unknown): (...values: unknown[]) => unknown {
  return (...values) => {
    const result = blaming(plugin, hook, () => fn(...values));
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw asStrakeError(error, plugin, hook);
    });
  };
}

/** Does something of a plugin; what it throws says whose it is. */
export function blaming<T>(plugin: string, hook: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asStrakeError(error, plugin, hook);
  }
}

/** An error of a plugin as one of ours; those of the Dockerfile keep their text. */
export function asStrakeError(error: unknown, plugin: string, hook: string): StrakeError {
  if (error instanceof StrakeError) return error;
  if (error instanceof InstructionError) {
    return new DockerfileError(error.at?.startsWith('--') === true ? 'INVALID_FLAG' : 'INVALID_ARGUMENTS', error.message, { cause: error, ...(error.hint === undefined ? {} : { hint: error.hint }) });
  }
  const text = error instanceof Error ? error.message : String(error);
  return new PluginError('PLUGIN_INVALID', `${plugin} failed in ${hook}: ${text}`, { cause: error, plugin });
}
