import type { AsyncSeriesHook, AsyncSeriesWaterfallHook, HookMap, SyncBailHook, SyncHook, SyncWaterfallHook } from 'tapable';
import type { AnyInstructionDefinition, Instruction } from './define-instruction';
import type { DerivedInstruction } from './derive-instruction';
import type { Dockerfile } from './dockerfile';
import type { FactDefinition } from './fact';
import type { AnyInstructionExtension } from './extend-instruction';
import type { FileReader } from './file-reader';
import type { BuildEvent } from './events';
import type { BuildGraph } from './graph';
import type { Lowered } from './lowered';
import type { RuleDefinition } from './rule';
import type { StageView } from './stage';

/** The hooks of the core, in the order in which a build calls them. Tap them by your plugin's name. */
export interface BuilderHooks {
  /** The whole parsed file, and a reader of files of the build contexts: the only hook before lowering that may wait for them. What is returned takes the file's place. INCLUDE lives here. */
  readonly assemble: AsyncSeriesWaterfallHook<[Dockerfile, FileReader]>;
  /** The whole file, assembled; what is returned takes its place. */
  readonly dockerfile: SyncWaterfallHook<[Dockerfile]>;
  /** A stage has started: its view, and triggers (as text) to run before its instructions. ONBUILD lives here. */
  readonly stageStart: SyncWaterfallHook<[readonly string[], StageView]>;
  /** By keyword, before an instruction is lowered. */
  readonly before: HookMap<SyncHook<[Instruction, StageView]>>;
  /** By keyword: the first answer is taken. `define` taps it. */
  readonly lower: HookMap<SyncBailHook<[Instruction, StageView], Lowered>>;
  /** By keyword, what lowering gave; what is returned takes its place. */
  readonly after: HookMap<SyncWaterfallHook<[Lowered, Instruction, StageView]>>;
  /** The finished graph; what is returned takes its place. Policy and rewriting live here. */
  readonly graph: SyncWaterfallHook<[BuildGraph]>;
  /** Every event of the solver. */
  readonly event: SyncHook<[BuildEvent]>;
  /** After the build, whatever its end. */
  readonly done: AsyncSeriesHook<[{ readonly error?: unknown }]>;
}

/** A parser directive: `# key=value` on the first lines of a Dockerfile. */
export interface DirectiveDefinition {
  /** Letters and digits; case does not count. `escape`, `syntax` and `check` are taken. */
  readonly key: string;
  /** One line for help. */
  readonly summary: string;
}

/** What a plugin is given to register itself with. After registration it is frozen. */
export interface PluginBuilder {
  readonly hooks: BuilderHooks;
  /** Registers an instruction; a keyword that is taken is an error unless the definition says `replaces`. */
  define(plugin: string, definition: AnyInstructionDefinition): void;
  /** Gives an instruction more flags. Its keyword must be defined by the end of registration; a flag that is taken is an error. */
  extend(plugin: string, extension: AnyInstructionExtension): void;
  /** Registers an instruction that is written as another one, which must be defined by the end of registration. */
  derive(plugin: string, derived: DerivedInstruction): void;
  /** Registers something to be found out before lowering; a name that is taken is an error. */
  fact(plugin: string, definition: FactDefinition): void;
  /** Registers a directive; a key that is taken is an error. Its value is in `Dockerfile.directives` and in `StageView.directives`. */
  directive(plugin: string, definition: DirectiveDefinition): void;
  /** Registers a check rule; a name that is taken is an error unless the definition says `replaces`. */
  rule(plugin: string, definition: RuleDefinition): void;
}

/** A plugin: a name and what it registers. */
export interface Plugin {
  readonly name: string;
  apply(builder: PluginBuilder): void;
}
