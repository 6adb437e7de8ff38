import { PluginError, StrakeError, type DockerfileFacts, type Finding, type Findings, type InstructionNode, type RuleDefinition } from '@strake/api';
import { counts, type CheckOptions } from './check-options';
import { commentOptions, mergeOptions } from './comment-options';
import { noteProblems } from './note-problems';
import type { CheckReport, Violation } from './violation';

/** A rule and the plugin that it is of. */
export interface Rule {
  readonly plugin: string;
  readonly definition: RuleDefinition;
}

/**
 * Asks every rule about everything that it looks at. Throws PLUGIN_INVALID for a rule that fails. Experimental rules
 * run when the options name them; comments above an instruction count for what is found at it.
 */
export function runRules(facts: DockerfileFacts, rules: readonly Rule[], options: CheckOptions): CheckReport {
  const run = new RuleRun(facts, rules, options);
  return { violations: run.violations(), notes: noteProblems(facts.file, rules.map(({ definition }) => definition.name), options), error: options.error };
}

class RuleRun {
  private readonly merged = new Map<InstructionNode, CheckOptions>();

  constructor(
    private readonly facts: DockerfileFacts,
    private readonly rules: readonly Rule[],
    private readonly options: CheckOptions,
  ) {}

  violations(): readonly Violation[] {
    const { facts } = this;
    const found = [
      ...this.ask(undefined, (rule) => rule.file?.(facts)),
      ...facts.file.instructions.flatMap((node) => this.ask(node, (rule) => rule.node?.(node, facts.file))),
      ...facts.stages.filter(({ base }) => base !== '').flatMap((stage) => this.ask(stage.node, (rule) => rule.stage?.(stage, facts))),
      ...facts.stages.flatMap((stage) => stage.instructions.flatMap((instruction, index) =>
        this.ask(instruction.node, (rule) => rule.instruction?.(instruction, stage, facts, index)))),
    ];
    return found.sort((left, right) => left.about.start.line - right.about.start.line || left.range.start.line - right.range.start.line || left.range.start.column - right.range.start.column);
  }

  private ask(node: InstructionNode | undefined, look: (rule: RuleDefinition) => Findings | undefined): readonly Violation[] {
    const options = node === undefined ? this.options : this.optionsOf(node);
    return this.rules.filter(({ definition }) => counts(definition, options)).flatMap(({ plugin, definition }) => {
      try {
        return (look(definition) ?? []).map((finding) => this.violation(definition, finding, node));
      } catch (error) {
        if (error instanceof StrakeError) throw error;
        const text = error instanceof Error ? error.message : String(error);
        throw new PluginError('PLUGIN_INVALID', `${plugin} failed in ${definition.name}: ${text}`, { cause: error, ...(node === undefined ? {} : { range: node.range }) });
      }
    });
  }

  private optionsOf(node: InstructionNode): CheckOptions {
    const known = this.merged.get(node) ?? mergeOptions(this.options, commentOptions(node).options);
    this.merged.set(node, known);
    return known;
  }

  private violation({ name, description, url }: RuleDefinition, { message, range, about, hint, fix }: Finding, node: InstructionNode | undefined): Violation {
    const whole = about?.range ?? node?.range ?? range ?? this.nowhere();
    return {
      code: name, severity: this.options.error ? 'error' : 'warning', message, description,
      range: range ?? whole, about: whole,
      ...(url === undefined ? {} : { url }), ...(hint === undefined ? {} : { hint }), ...(fix === undefined ? {} : { fix }),
    };
  }

  private nowhere() {
    const start = { line: 1, column: 1 };
    return { file: this.facts.file.file, start, end: start };
  }
}
