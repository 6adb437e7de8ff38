import { PluginError } from '@strake/api';
import type { AnyInstructionDefinition, AnyInstructionExtension, BuilderHooks, DerivedInstruction, DirectiveDefinition, FactDefinition, Plugin, PluginBuilder, RuleDefinition } from '@strake/api';
import { AsyncSeriesHook, AsyncSeriesWaterfallHook, HookMap, SyncBailHook, SyncHook, SyncWaterfallHook } from 'tapable';
import { KNOWN_DIRECTIVES } from '../parser/directives';
import { syntaxOf } from '../parser/syntax';
import type { SyntaxTable } from '../parser/syntax';
import { asStrakeError, blaming } from './blaming';
import { checkDefinition } from './check-definition';
import { checkRule } from './check-rule';
import { Extensions } from './extensions';

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
  /** In order of registration. */
  readonly facts: readonly FactDefinition[];
  /** The definitions as their plugins wrote them, without what others have added. */
  readonly definitions: ReadonlyMap<string, AnyInstructionDefinition>;
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
  private readonly facts = new Map<string, { readonly plugin: string; readonly definition: FactDefinition }>();
  private readonly extensions = new Extensions();
  private readonly derived: { readonly plugin: string; readonly derived: DerivedInstruction }[] = [];
  private frozen = false;

  readonly hooks: BuilderHooks = {
    assemble: this.guarded(new AsyncSeriesWaterfallHook(['dockerfile', 'files'], 'assemble')),
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

  extend(plugin: string, extension: AnyInstructionExtension): void {
    this.refuseFrozen(plugin);
    this.extensions.add(plugin, extension);
    this.hooks.after.for(extension.keyword).tap(plugin, (lowered, instruction, stage) =>
      Object.keys(extension.flags).some((flag) => instruction.flags[flag] !== undefined) ? extension.lower(lowered, instruction, stage) : lowered);
  }

  derive(plugin: string, derived: DerivedInstruction): void {
    this.refuseFrozen(plugin);
    this.derived.push({ plugin, derived });
  }

  /** Defines what is written as another instruction, now that all others are known. */
  private defineDerived(): void {
    for (const { plugin, derived } of this.derived) {
      const { keyword, like, summary } = derived;
      const base = this.owned.get(like)?.definition;
      if (base === undefined) throw new PluginError('PLUGIN_INVALID', `${plugin} is written as ${like}, which no plugin defines`);
      this.define(plugin, { ...base, replaces: false, keyword, summary, lower: (instruction, stage) => derived.lower(base.lower(instruction, stage), instruction, stage) });
    }
  }

  fact(plugin: string, definition: FactDefinition): void {
    this.refuseFrozen(plugin);
    const earlier = this.facts.get(definition.name);
    if (earlier !== undefined) throw new PluginError('PLUGIN_CONFLICT', `${plugin} and ${earlier.plugin} both look for the fact ${definition.name}`);
    this.facts.set(definition.name, { plugin, definition });
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
    this.defineDerived();
    this.frozen = true;
    const definitions = new Map([...this.owned].map(([keyword, { definition }]) => [keyword, definition]));
    const table = this.extensions.extended(definitions);
    const syntax = new Map([...table].map(([keyword, { args }]) => [keyword, syntaxOf(args)]));
    const owners = new Map([...this.owned].map(([keyword, { plugin }]) => [keyword, plugin]));
    const directives = [...this.directives.keys()].filter((key) => !KNOWN_DIRECTIVES.includes(key));
    const directiveOwners = new Map([...this.directives].filter(([key]) => directives.includes(key)));
    const facts = [...this.facts.values()].map(({ definition }) => definition);
    return Object.freeze({ directives, directiveOwners, table, definitions, owners, syntax, hooks: this.hooks, rules: [...this.rules.values()], facts, taps: () => tapsOf(this.made) });
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
