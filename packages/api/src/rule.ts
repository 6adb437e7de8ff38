import type { Instruction } from './define-instruction';
import type { Platform } from './digest';
import type { Dockerfile, InstructionNode } from './dockerfile';
import type { ImageConfigFile } from './image';
import type { Lowered } from './lowered';
import type { Plugin } from './plugin';
import type { SourceRange } from './position';
import type { StageView } from './stage';

/** A variable in a text that was expanded. */
export interface VariableUse {
  readonly name: string;
  /** `set`: it has a value; `declared`: an ARG names it, and nobody gives it a value; `unknown`: neither. */
  readonly state: 'set' | 'declared' | 'unknown';
  /** The word, or the flag, that it stands in. */
  readonly range: SourceRange;
}

/** A declared build argument and where its value comes from. */
export interface DeclaredArgument {
  readonly name: string;
  /** Absent when nobody gives it one. */
  readonly value?: string;
  /** `given` by the build, the `default` of this ARG, or that of a `global` one; absent with the value. */
  readonly from?: 'given' | 'default' | 'global';
  /** The variables that its default needed. */
  readonly uses: readonly string[];
  readonly node: InstructionNode;
}

/** An instruction that was lowered: everything that was known when it was. */
export interface InstructionFacts {
  readonly node: InstructionNode;
  readonly instruction: Instruction;
  /** The state before it. */
  readonly view: StageView;
  readonly lowered: Lowered;
  readonly variables: readonly VariableUse[];
  readonly declares: readonly DeclaredArgument[];
  /** Set for a trigger that the base left; its place is that of FROM. */
  readonly trigger?: true;
}

/** The image that a stage starts with. */
export interface BaseFacts {
  readonly reference: string;
  /** Absent when the image was not to be had, and an empty one stood for it. */
  readonly config?: ImageConfigFile;
  /** The platform that was asked for. */
  readonly platform: Platform;
}

/** A stage: the FROM, and what became of its instructions if it was lowered. */
export interface StageFacts {
  readonly index: number;
  /** Lower-cased. */
  readonly name?: string;
  readonly node: InstructionNode;
  readonly body: readonly InstructionNode[];
  /** Expanded: an image, a stage's name, or `scratch`. */
  readonly base: string;
  /** `base` as it is when nobody gives any build argument; absent when it cannot be expanded then. */
  readonly defaultBase?: string;
  /** Expanded. */
  readonly platform?: string;
  /** A named context of its name takes its place. */
  readonly replaced?: true;
  /** The variables of FROM; `known` are all names that could have been meant. */
  readonly variables: readonly VariableUse[];
  readonly known: readonly string[];
  /** Whether it was lowered: the target needs it, or all stages were wanted. What follows is empty otherwise. */
  readonly lowered: boolean;
  /** The index of the stage that it starts from. */
  readonly parent?: number;
  /** The indices of stages that it reads files from. */
  readonly reads: readonly number[];
  /** The image it starts from itself, not by way of another stage. */
  readonly image?: BaseFacts;
  /** In order; triggers of the base come first. */
  readonly instructions: readonly InstructionFacts[];
}

/** What an ignore file hides. */
export interface IgnoreFacts {
  /** As in messages: `.dockerignore`. */
  readonly file: string;
  /** Cleaned, in order, negations with their `!`. */
  readonly patterns: readonly string[];
  /** Whether a path below the context's root is hidden, by a pattern for it or for a directory above it. */
  ignores(path: string): boolean;
}

/** Everything that is known of a Dockerfile without running any of it. Frozen. */
export interface DockerfileFacts {
  readonly file: Dockerfile;
  /** Declared before the first stage. */
  readonly globals: readonly DeclaredArgument[];
  readonly stages: readonly StageFacts[];
  /** The platform of the build. */
  readonly platform: Platform;
  /** The automatic build arguments and the global ones that have a value. */
  readonly variables: ReadonlyMap<string, string>;
  /** The index of the stage that was asked for. */
  readonly target?: number;
  /** Absent without an ignore file, or without a context on this machine. */
  readonly ignore?: IgnoreFacts;
}

/** Replaces a stretch of the source. */
export interface TextEdit {
  readonly range: SourceRange;
  readonly text: string;
}

/** A mechanical correction. After it the file violates the rule no more. */
export interface Fix {
  /** One line: `write AS in upper case`. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** True when the image is another afterwards, in the way that the rule asks for; such a fix is only made on demand. */
  readonly changesImage?: boolean;
}

/** A violation as a rule reports it. */
export interface Finding {
  readonly message: string;
  /** The place, as narrow as can be; the whole instruction by default. */
  readonly range?: SourceRange;
  /** The instruction that it is about, where that is not the one which the rule was asked about. */
  readonly about?: InstructionNode;
  readonly hint?: string;
  readonly fix?: Fix;
}

/** What a rule says of one thing. */
export type Findings = readonly Finding[];

/**
 * A check rule. Its functions are pure and synchronous: no I/O, no clock, nothing kept between calls. A comment
 * `# check=skip=NAME` above an instruction silences `node`, `stage` and `instruction` for it, but not `file`.
 */
export interface RuleDefinition {
  /** Upper camel case: `StageNameCasing`. What `skip` and messages name. */
  readonly name: string;
  /** One sentence that is true of every violation. */
  readonly description: string;
  /** A page about it. */
  readonly url?: string;
  /** Only runs when the file asks for it by name or for all experimental rules; `skip` does not reach it. */
  readonly experimental?: boolean;
  /** Takes the place of an earlier rule of the same name; without it a second one is an error. */
  readonly replaces?: boolean;
  /** Looks at the whole file, once. */
  file?(facts: DockerfileFacts): Findings;
  /** Looks at each instruction as written, FROM included, whether the target needs it or not. */
  node?(node: InstructionNode, file: Dockerfile): Findings;
  /** Looks at each FROM, expanded. */
  stage?(stage: StageFacts, facts: DockerfileFacts): Findings;
  /** Looks at each instruction that was lowered. `stage.instructions[index]` is it, those before it are what went before. */
  instruction?(instruction: InstructionFacts, stage: StageFacts, facts: DockerfileFacts, index: number): Findings;
}

/** A plugin that defines a rule; the definition can be read from it. */
export interface RulePlugin extends Plugin {
  readonly definition: RuleDefinition;
}

/** Makes a plugin of a rule. The plugin's name is `rule-<name>`. */
export function defineRule(definition: RuleDefinition): RulePlugin {
  const name = `rule-${definition.name}`;
  return {
    name,
    definition,
    apply(builder) {
      builder.rule(name, definition);
    },
  };
}
